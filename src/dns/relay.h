/*
 * Questions and answers between a process that must not reach the network and
 * one that may: both sides speak evidence (dns/evidence), a length of four
 * bytes in front, the questions as answers that have failed.
 */
#ifndef DNS_RELAY_H
#define DNS_RELAY_H

#include "dns/answers.h"

enum { RELAY_QUESTIONS_SIZE_MAX = 1024 * 1024, RELAY_ANSWERS_SIZE_MAX = 16 * 1024 * 1024 };

/* Asks what is wanted over `fd`, and puts the answers in; what is not answered has failed. */
void relay_ask(int fd, struct dns_answers *answers);

/* Takes the next questions: they are wanted in `answers`, which holds nothing else. False: the other end is closed, or unsound. */
bool relay_take_questions(int fd, struct dns_answers *answers);

/* Sends all that is there. False: the other end is closed. */
bool relay_send_answers(int fd, const struct dns_answers *answers);

#endif
