#include "log/log_qmail.h"
#include "log/log_fuzz.h"

FUZZ_LOG_FORMAT(log_qmail)
