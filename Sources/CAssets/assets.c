#include "oracy_assets.h"
