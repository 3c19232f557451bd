#include "wire/log_kumomta.h"
#include "wire/log_fuzz.h"

FUZZ_LOG_FORMAT(log_kumomta)
