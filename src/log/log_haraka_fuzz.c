#include "log/log_haraka.h"
#include "log/log_fuzz.h"

FUZZ_LOG_FORMAT(log_haraka)
