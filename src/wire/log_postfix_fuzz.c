#include "wire/log_postfix.h"
#include "wire/log_fuzz.h"

FUZZ_LOG_FORMAT(log_postfix)
