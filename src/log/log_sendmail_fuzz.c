#include "log/log_sendmail.h"
#include "log/log_fuzz.h"

FUZZ_LOG_FORMAT(log_sendmail)
