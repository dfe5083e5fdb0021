// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import COneDNN
import Synchronization

/// Products of many rows by oneDNN, prepared once for each size.
///
/// Preparing a size generates code for it and takes a millisecond; a model uses a few dozen sizes.
enum LibraryProducts {
    final class Product: @unchecked Sendable {
        // Safe to share: a prepared product is read-only; working memory is the caller's.
        let handle: OpaquePointer
        let scratch: Int
        fileprivate init(_ handle: OpaquePointer) {
            self.handle = handle
            scratch = oracy_productScratch(handle)
        }
        deinit { oracy_productDestroy(handle) }
    }

    /// One thread's means to run a product.
    final class Run {
        let handle: OpaquePointer
        private let product: Product
        init?(_ product: Product) {
            guard let handle = oracy_productRunCreate(product.handle) else { return nil }
            self.handle = handle
            self.product = product
        }
        deinit { oracy_productRunDestroy(handle) }
    }

    private struct Key: Hashable {
        let numbers: UInt32
        let rows, inner, columns: Int
    }

    private static let limit = 2048
    private static let products = Mutex<[Key: Product?]>([:])

    /// The product for these sizes, or nil when the library has nothing fast for this processor.
    static func product(_ numbers: OracyProductNumbers, rows: Int, inner: Int, columns: Int) -> Product? {
        let key = Key(numbers: numbers.rawValue, rows: rows, inner: inner, columns: columns)
        return products.withLock { products in
            if let known = products[key] { return known }
            if products.count >= limit { products.removeAll() }
            let product = oracy_productCreate(numbers, rows, inner, columns).map { Product($0) }
            products[key] = .some(product)
            return product
        }
    }

    /// Multiplies dense rows with a packed matrix. Returns false when the library can't: then nothing was written.
    static func multiply(
        _ numbers: OracyProductNumbers, rows: UnsafeRawPointer, count: Int, inner: Int, columns: Int,
        packed: UnsafeRawPointer, out: UnsafeMutableRawPointer, scratch: Scratch
    ) -> Bool {
        guard let product = product(numbers, rows: count, inner: inner, columns: columns) else { return false }
        guard let run = scratch.run(of: product) else { return false }
        let memory = scratch.memory(.library, product.scratch, of: UInt8.self)
        return oracy_productRun(run.handle, rows, packed, out, memory) == 0
    }
}
