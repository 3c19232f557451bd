#include "wire/log_exim.h"
#include "wire/log_fuzz.h"

FUZZ_LOG_FORMAT(log_exim)
