#include "log/log_kumomta.h"
#include "log/log_fuzz.h"

FUZZ_LOG_FORMAT(log_kumomta)
