/*
 * What every verdict keeps, proved for every sample of a catalogue, whichever
 * command it might answer and whether it defers or refuses:
 *
 *	nothing said before RCPT TO condemns a recipient, or speaks of one;
 *	a deferral is temporary and is tried again;
 *	what is permanent is not advised to wait in the queue.
 */
#ifndef DIAGNOSE_VERDICT_LAWS_H
#define DIAGNOSE_VERDICT_LAWS_H

#include "catalog/load.h"

/* Notes what breaks a law in `faults`; true if nothing does. */
bool verdict_laws_check(const struct catalog *catalog, struct catalog_faults *faults);

#endif
