#include "wire/log_qmail.h"
#include "wire/log_fuzz.h"

FUZZ_LOG_FORMAT(log_qmail)
