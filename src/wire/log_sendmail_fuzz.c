#include "wire/log_sendmail.h"
#include "wire/log_fuzz.h"

FUZZ_LOG_FORMAT(log_sendmail)
