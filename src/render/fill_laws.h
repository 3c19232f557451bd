/*
 * Every title, explanation and remedy of a catalogue reads as a sentence where
 * no fact at all is known: no doubled word, no noun run into another, no blank
 * within Japanese, no words in a command.
 */
#ifndef RENDER_FILL_LAWS_H
#define RENDER_FILL_LAWS_H

#include "catalog/load.h"

/* Notes what breaks it in `faults`; true if nothing does. */
bool fill_laws_check(const struct catalog *catalog, struct catalog_faults *faults);

#endif
