#include "log/log_opensmtpd.h"
#include "log/log_fuzz.h"

FUZZ_LOG_FORMAT(log_opensmtpd)
