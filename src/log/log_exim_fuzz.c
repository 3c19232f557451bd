#include "log/log_exim.h"
#include "log/log_fuzz.h"

FUZZ_LOG_FORMAT(log_exim)
