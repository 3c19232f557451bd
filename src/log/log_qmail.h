/*
 * qmail-send's log, through splogger or multilog:
 *
 *	@400000006741a2b01234abcd new msg 1234
 *	… info msg 1234: bytes 500 from <a@example.com> qp 99 uid 1000
 *	… starting delivery 5: msg 1234 to remote taro@example.jp
 *	… delivery 5: failure: 192.0.2.1_does_not_like_recipient./Remote_host_said:_550_5.1.1_no/
 *	… end msg 1234
 *
 * A delivery's number says nothing by itself: whoever reads notes what it was
 * assigned to.
 */
#ifndef LOG_LOG_QMAIL_H
#define LOG_LOG_QMAIL_H

#include "log/log_line.h"

extern const struct log_format log_qmail;

/* What LOG_ASSIGNED's value, "1234 to remote taro@example.jp", names. */
bool log_qmail_split_assigned(struct span value, struct span *queue_id, struct span *recipient);

#endif
