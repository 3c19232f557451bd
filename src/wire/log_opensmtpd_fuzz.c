#include "wire/log_opensmtpd.h"
#include "wire/log_fuzz.h"

FUZZ_LOG_FORMAT(log_opensmtpd)
