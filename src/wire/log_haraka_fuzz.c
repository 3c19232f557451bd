#include "wire/log_haraka.h"
#include "wire/log_fuzz.h"

FUZZ_LOG_FORMAT(log_haraka)
