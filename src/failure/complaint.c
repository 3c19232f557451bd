#include "failure/complaint.h"

void
failure_make_complaint(struct arena *arena, struct span type, struct failure *f)
{
	static const char name[] = "Feedback-Type: ";
	char *to = arena_take(arena, sizeof(name) + type.len);

	memcpy(to, name, sizeof(name) - 1);
	memcpy(to + sizeof(name) - 1, type.at, type.len);
	f->told_by = FAILURE_COMPLAINT;
	f->action = type;
	f->reply = (struct span){ to, sizeof(name) - 1 + type.len };
}
