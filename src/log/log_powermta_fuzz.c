#include "log/log_powermta.h"
#include "log/log_fuzz.h"

FUZZ_LOG_FORMAT(log_powermta)
