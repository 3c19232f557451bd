/*
 * Fills the holes of the catalogue's texts with the facts of one verdict:
 *
 *	"Add {spf_mechanism} to the SPF record of {domain}."
 *	→ "Add ip4:192.0.2.25 to the SPF record of example.jp."
 *
 * A fact that is not known is named in plain words instead, within a command or a
 * longer name by a placeholder (`dig -x <IP>`); alone in brackets it is left out.
 */
#ifndef RENDER_FILL_H
#define RENDER_FILL_H

#include "base/out.h"
#include "diagnose/verdict.h"

enum { FILL_VALUE_SIZE_MAX = 512 }; /* of a fact; the rest is left out */

enum fill_as { FILL_PLAIN, FILL_JSON }; /* FILL_JSON: escaped for a JSON string */

/* `v` may be NULL: then no fact is known. Control bytes of facts become blanks. */
void fill_template(struct out *out, struct span template, const struct verdict *v, enum lang lang, enum fill_as as);

/* What a verdict says, also where no cause was found; steps are separated by LF. */
void fill_title(struct out *out, const struct verdict *v, enum lang lang, enum fill_as as);
void fill_why(struct out *out, const struct verdict *v, enum lang lang, enum fill_as as);
void fill_remedy(struct out *out, const struct verdict *v, enum lang lang, enum fill_as as);

/* Takes the next step off a remedy. */
bool fill_take_step(struct span *remedy, struct span *step);

/* What to change, in one sentence; nothing where the catalogue names nothing. */
void fill_change(struct out *out, const struct verdict *v, enum lang lang, enum fill_as as);

/* The same with holes of one's own: `names` ends with NULL, `values` goes with it. */
void fill_words(struct out *out, const char *template, const char *const *names, const struct span *values);

/* The receiver as a sentence names it: "Google", "the receiving server". */
struct span fill_receiver(const struct provider *receiver, enum lang lang);

#endif
