/* catalog/receivers.policy, built in. */
#ifndef RECEIVER_POLICY_TEXT_H
#define RECEIVER_POLICY_TEXT_H

#include <stddef.h>

extern const char policy_text[];
extern const size_t policy_text_size;

#endif
