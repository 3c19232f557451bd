#include "log/log_postfix.h"
#include "log/log_fuzz.h"

FUZZ_LOG_FORMAT(log_postfix)
