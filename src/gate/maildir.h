/*
 * Delivery to a Maildir below one folder, a mailbox an address:
 *
 *	FOLDER/taro@example.jp/{tmp,new,cur}
 *
 * https://cr.yp.to/proto/maildir.html. When it returns, the message is on the
 * disk whole, or not there.
 */
#ifndef GATE_MAILDIR_H
#define GATE_MAILDIR_H

#include "base/span.h"

enum maildir_result { MAILDIR_DELIVERED, MAILDIR_OVER_QUOTA, MAILDIR_FAILED /* errno says why */ };

/* `head` and `message` end in CRLF lines, which are written as LF. `id` is unique. `quota`: bytes of the mailbox; 0: none. */
enum maildir_result maildir_deliver(
    const char *folder, struct span address, struct span id, struct span head, struct span message, uint64_t quota);

/* What a mailbox holds, in bytes; 0 where there is none. */
uint64_t maildir_size(const char *folder, struct span address);

/* Takes a message back that was delivered under this id: another recipient's delivery failed. */
void maildir_take_back(const char *folder, struct span address, struct span id);

#endif
