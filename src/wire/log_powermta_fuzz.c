#include "wire/log_powermta.h"
#include "wire/log_fuzz.h"

FUZZ_LOG_FORMAT(log_powermta)
