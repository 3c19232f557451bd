/*
 * Bodies wait in memory until they are whole. What libevent takes for them is
 * counted, and beyond the budget a piece is not had: the connection that wants
 * it ends, all others go on.
 */
#ifndef WEB_BUDGET_H
#define WEB_BUDGET_H

#include <stddef.h>

/* libevent reads 4 KB at a time, which takes a piece of 8: a body that goes on. What is smaller – a connection, a whole small
   request – may exceed the budget by half. */
enum { BUDGET_PIECE_OF_A_BODY = 8192 };

/* Before libevent takes any memory; once. There is one budget, for libevent has one allocator. */
void budget_set(size_t most);

/* Bytes taken now. */
size_t budget_used(void);

#endif
