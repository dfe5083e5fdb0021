// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

// What has been recorded and not yet been acknowledged by the server, kept in IndexedDB so that a closed tab, a crash
// or a lost network costs at most the last second.

const NAME = "oracy-recordings";
let opening = null;

function open() {
  opening ??= new Promise((resolve, reject) => {
    const call = indexedDB.open(NAME, 1);
    call.onupgradeneeded = () => {
      call.result.createObjectStore("recordings", { keyPath: "id" });
      call.result.createObjectStore("chunks", { keyPath: ["recording", "number"] });
    };
    call.onsuccess = () => resolve(call.result);
    call.onerror = () => reject(call.error);
  });
  return opening;
}

async function within(mode, work) {
  const database = await open();
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(["recordings", "chunks"], mode);
    let result;
    transaction.oncomplete = () => resolve(result);
    transaction.onabort = () => reject(transaction.error);
    transaction.onerror = () => reject(transaction.error);
    work(transaction.objectStore("recordings"), transaction.objectStore("chunks"), (value) => { result = value; });
  });
}

const chunkRange = (id) => IDBKeyRange.bound([id, 0], [id, Infinity]);

/** Starts keeping a recording: `{id, owner, scope, type, startedAt, seconds}`; the id serves as its Idempotency-Key. */
export const keep = (recording) => within("readwrite", (recordings) => recordings.put(recording));

/** Adds the next piece; only all pieces in order make a file that can be decoded. */
export const addChunk = (recording, number, blob) =>
  within("readwrite", (recordings, chunks) => {
    recordings.put(recording);
    chunks.put({ recording: recording.id, number, blob });
  });

/** Forgets a recording, after the server has it or the person gave it up. */
export const forget = (id) =>
  within("readwrite", (recordings, chunks) => {
    recordings.delete(id);
    chunks.delete(chunkRange(id));
  });

/** The file made of all pieces of a recording. */
export async function assemble(recording) {
  const pieces = await within("readonly", (_, chunks, give) => {
    chunks.getAll(chunkRange(recording.id)).onsuccess = (event) => give(event.target.result);
  });
  return new Blob(pieces.map((piece) => piece.blob), { type: recording.type });
}

/**
 * The recordings of this person for this question that were never sent, newest first; not the one that another tab is
 * making at this moment (it holds a lock of the recording's name).
 */
export async function unsent(owner, scope) {
  const kept = await within("readonly", (recordings, _, give) => {
    recordings.getAll().onsuccess = (event) => give(event.target.result);
  });
  const held = new Set((await navigator.locks?.query())?.held.map((lock) => lock.name) ?? []);
  return kept
    .filter((recording) => recording.owner === owner && recording.scope === scope && recording.seconds > 0)
    .filter((recording) => !held.has(lockName(recording.id)))
    .sort((left, right) => right.startedAt - left.startedAt);
}

export const lockName = (id) => `oracy-recording-${id}`;
