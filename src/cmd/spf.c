/*
 * todoku spf: may this host send mail for this domain?
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "auth/spf.h"
#include "cmd/cmd.h"
#include "cmd/options.h"
#include "dns/resolver.h"
#include "dns/zone.h"
#include "render/repair.h"
#include "render/spf.h"

enum { EXIT_TEMPORARY = 75, ROUNDS_MAX = 64 };

struct spf_options {
	struct options common;
	struct spf_query query;
	struct resolver_options resolver;
	const char *zone;
	bool has_ip, repair;
};

/* What is found out, and said. */
struct finding {
	struct spf_evaluation e;
	struct repair_spf repair;
	struct repair_address address;
};

static void
tell_usage(FILE *to)
{
	fputs("usage: todoku spf --ip ADDRESS [--mail-from ADDRESS] [--helo NAME] [OPTION...]\n\n"
	      "Evaluates SPF (RFC 7208): the result, what decided, each term in its order with the\n"
	      "look-ups counted so far.\n\n"
	      "  --ip ADDRESS         the sending host's, IPv4 or IPv6\n"
	      "  --mail-from ADDRESS  the envelope sender; without it HELO's name is judged\n"
	      "  --helo NAME          the name in HELO or EHLO\n"
	      "  --zone FILE          DNS answers: zone text (RFC 1035); nothing else is asked\n"
	      "  --dns ADDRESS[:PORT] ask this resolver (repeatable; else the system's)\n"
	      "  --timeout SECONDS    for all there is to ask, 1 to 300 (else 10)\n"
	      "  --repair             the corrected record, proved to pass\n"
	      "  --receiver NAME      the host that judges, for the macro %{r}\n"
	      "  --json               one JSON object\n"
	      "  --lang ja|en         the language (else LC_ALL, LC_MESSAGES, LANG)\n\n"
	      "Exit status: 0 pass, 1 any other result, 64 usage, 65 unreadable input,\n"
	      "74 I/O error, 75 temperror.\n",
	    to);
}

static bool
read_seconds(const char *value, unsigned *seconds)
{
	char *end;
	unsigned long n = strtoul(value, &end, 10);

	if (*end != '\0' || n == 0 || n > 300) {
		fprintf(stderr, "todoku: --timeout takes a number from 1 to 300, not '%s'\n", value);
		return false;
	}
	*seconds = (unsigned)n;
	return true;
}

static bool
read_options(struct spf_options *o, int argc, char **argv)
{
	static const struct option known[] = { { "ip", required_argument, NULL, 'i' },
		{ "mail-from", required_argument, NULL, 'm' }, { "helo", required_argument, NULL, 'e' },
		{ "zone", required_argument, NULL, 'z' }, { "dns", required_argument, NULL, 'd' },
		{ "timeout", required_argument, NULL, 't' }, { "receiver", required_argument, NULL, 'r' },
		{ "json", no_argument, NULL, 'j' }, { "repair", no_argument, NULL, 'R' },
		{ "lang", required_argument, NULL, 'l' }, { "help", no_argument, NULL, 'h' }, { NULL, 0, NULL, 0 } };
	char *none[] = { argv[0], NULL };
	int c;

	if (options_read(&o->common, 1, none) < 0)
		return false;
	optind = 1;
	while ((c = getopt_long(argc, argv, "i:m:e:z:d:t:r:jl:h", known, NULL)) != -1)
		switch (c) {
		case 'i':
			o->has_ip = ip_address_read(span_of(optarg), &o->query.ip);
			if (!o->has_ip) {
				fprintf(stderr, "todoku: --ip takes an IPv4 or IPv6 address, not '%s'\n", optarg);
				return false;
			}
			break;
		case 'm': o->query.mail_from = span_of(strcmp(optarg, "<>") == 0 ? "" : optarg); break;
		case 'e': o->query.helo = span_of(optarg); break;
		case 'z': o->zone = optarg; break;
		case 'd':
			if (o->resolver.n_servers == RESOLVER_SERVERS_MAX)
				return false;
			o->resolver.servers[o->resolver.n_servers++] = optarg;
			break;
		case 't':
			if (!read_seconds(optarg, &o->resolver.seconds))
				return false;
			break;
		case 'r': o->query.receiver = span_of(optarg); break;
		case 'j': o->common.json = true; break;
		case 'R': o->repair = true; break;
		case 'l':
			if (!options_read_lang(&o->common, optarg))
				return false;
			break;
		case 'h': o->common.help = true; break;
		default: return false;
		}
	return true;
}

static bool
read_zone(struct arena *arena, const char *path, struct zone *zone)
{
	struct zone_fault fault;
	struct span text;

	if (!options_read_file(arena, path, ZONE_SIZE_MAX, &text))
		return false;
	if (zone_parse(arena, text, zone, &fault))
		return true;
	fprintf(stderr, "%s:%u: %s%s%.*s\n", path, fault.line, fault.what, fault.detail.len ? ": " : "",
	    (int)(fault.detail.len < 200 ? fault.detail.len : 200), fault.detail.at);
	return false;
}

static int
write_out(const struct spf_options *o, const struct finding *f)
{
	const struct terminal terminal = { .colour = o->common.colour, .width = o->common.width };
	struct out out = { 0 };
	bool written;

	if (o->common.json) {
		spf_write_json(&out, &o->query, &f->e, o->repair ? &f->repair : NULL, &f->address);
	} else {
		spf_write_text(&out, &terminal, o->common.lang, &o->query, &f->e);
		if (o->repair)
			repair_write_text(&out, &terminal, o->common.lang, &o->query, &f->repair, &f->address);
	}
	written = fwrite(out.at, 1, out.len, stdout) == out.len && fflush(stdout) == 0;
	out_deinit(&out);
	if (!written)
		return EXIT_IO;
	return f->e.result == SPF_PASS ? 0 : f->e.result == SPF_TEMPERROR ? EXIT_TEMPORARY : 1;
}

/* Asks for what is wanted until nothing more is. */
static void
settle(struct arena *arena, const struct spf_options *o, const struct zone *zone, struct resolver *resolver,
    struct finding *f)
{
	struct dns_answers answers;
	bool known = false;

	dns_answers_init(&answers, arena);
	for (unsigned round = 0; !known && round < ROUNDS_MAX; round++) {
		if (resolver != NULL)
			resolver_answer(resolver, &answers);
		else
			zone_answer(zone, &answers);
		spf_evaluate(arena, &o->query, &answers, &f->e);
		known = f->e.result != SPF_NEEDS_ANSWERS;
		if (o->repair) {
			bool looked = repair_look_at_address(arena, &o->query.ip, &answers, &f->address);

			known = known && repair_spf(arena, &o->query, &answers, &f->e, &f->repair) && looked;
		}
	}
}

static int
evaluate(struct arena *arena, struct spf_options *o)
{
	struct resolver *resolver = NULL;
	struct finding f = { .e.result = SPF_NEEDS_ANSWERS };
	struct zone zone = { 0 };
	const char *what;

	o->query.now = (uint64_t)time(NULL);
	if (o->zone != NULL) {
		if (!read_zone(arena, o->zone, &zone))
			return EXIT_UNREADABLE;
	} else if ((resolver = resolver_create(&o->resolver, &what)) == NULL) {
		fprintf(stderr, "todoku: %s\n", what);
		return EXIT_UNREADABLE;
	}
	settle(arena, o, &zone, resolver, &f);
	if (resolver != NULL)
		resolver_free(resolver);
	return write_out(o, &f);
}

int
cmd_spf(int argc, char **argv)
{
	struct spf_options o = { .query = { .helo = { "", 0 }, .mail_from = { "", 0 }, .receiver = { "", 0 } } };
	struct arena arena = { 0 };
	bool sound = read_options(&o, argc, argv);
	int status;

	if (sound && o.common.help) {
		tell_usage(stdout);
		return 0;
	}
	if (!sound || !o.has_ip || (o.query.mail_from.len == 0 && o.query.helo.len == 0)) {
		tell_usage(stderr);
		return EXIT_USAGE;
	}
	status = evaluate(&arena, &o);
	arena_deinit(&arena);
	return status;
}
