/*
 * The peers on one core: peers FOLDER, as judges has it, with the key record's
 * text in key. libopendkim verifies, libspf2 evaluates over its zone in
 * memory, libopendmarc evaluates a stored record. Prints "NAME RATE" lines.
 *
 * A program of its own: libopendkim's names are those of our library.
 */
#include <sys/types.h>

#include <netinet/in.h>
#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <netdb.h>
#include <string.h>

#include <opendkim/dkim.h>
#include <opendmarc/dmarc.h>
#include <spf2/spf.h>
#include <spf2/spf_dns_zone.h>

#include "bench/rate.h"

struct peer {
	DKIM_LIB *dkim;
	char *message;
	size_t len;
	SPF_server_t *spf;
	const char *ip, *mail_from;
	SPF_result_t wanted;
};

static char *key;

static DKIM_CBSTAT
look_up(DKIM *dkim, DKIM_SIGINFO *sig, unsigned char *to, size_t size)
{
	(void)dkim;
	(void)sig;
	snprintf((char *)to, size, "%s", key);
	return DKIM_CBSTAT_CONTINUE;
}

static bool
verify(void *context)
{
	struct peer *p = context;
	DKIM_STAT status;
	DKIM *dkim = dkim_verify(p->dkim, (const unsigned char *)"x", NULL, &status);
	bool again,
	    good = dkim != NULL && dkim_chunk(dkim, (unsigned char *)p->message, p->len) == DKIM_STAT_OK &&
	    dkim_chunk(dkim, NULL, 0) == DKIM_STAT_OK && dkim_eom(dkim, &again) == DKIM_STAT_OK;

	dkim_free(dkim);
	return good;
}

static bool
evaluate_spf(void *context)
{
	struct peer *p = context;
	SPF_request_t *request = SPF_request_new(p->spf);
	SPF_response_t *response = NULL;
	bool good;

	SPF_request_set_ipv4_str(request, p->ip);
	SPF_request_set_helo_dom(request, "mail.example.com");
	SPF_request_set_env_from(request, p->mail_from);
	SPF_request_query_mailfrom(request, &response);
	good = SPF_response_result(response) == p->wanted;
	SPF_response_free(response);
	SPF_request_free(request);
	return good;
}

static bool
evaluate_dmarc(void *context)
{
	DMARC_POLICY_T *p = opendmarc_policy_connect_init((u_char *)"192.0.2.1", 0);
	bool good;

	(void)context;
	opendmarc_policy_store_from_domain(p, (u_char *)"news.example.com");
	opendmarc_policy_store_spf(p, (u_char *)"mail.example.com", DMARC_POLICY_SPF_OUTCOME_PASS,
	    DMARC_POLICY_SPF_ORIGIN_MAILFROM, (u_char *)"pass");
	opendmarc_policy_store_dkim(
	    p, (u_char *)"example.com", (u_char *)"s", DMARC_POLICY_DKIM_OUTCOME_PASS, (u_char *)"pass");
	good = opendmarc_policy_store_dmarc(p, (u_char *)"v=DMARC1; p=reject; sp=quarantine",
		   (u_char *)"news.example.com", (u_char *)"example.com") == DMARC_PARSE_OKAY &&
	    opendmarc_get_policy_to_enforce(p) == DMARC_POLICY_PASS;
	opendmarc_policy_connect_shutdown(p);
	return good;
}

static void
measure_dkim(struct peer *p, const char *folder)
{
	static const char *const names[] = { "5k", "100k" };
	char file[32], figure[32];
	size_t len;

	p->dkim = dkim_init(NULL, NULL);
	dkim_set_key_lookup(p->dkim, look_up);
	key = rate_read(folder, "key", &len);
	for (size_t i = 0; i < 2; i++) {
		snprintf(file, sizeof(file), "%s.eml", names[i]);
		p->message = rate_read(folder, file, &p->len);
		snprintf(figure, sizeof(figure), "dkim-%s", names[i]);
		rate_print(figure, verify, p);
	}
}

static void
measure_spf(struct peer *p)
{
	static const struct {
		const char *figure, *mail_from, *ip;
		SPF_result_t wanted;
	} queries[] = { { "spf-ip4", "a@ip4.example.com", "203.0.113.9", SPF_RESULT_FAIL },
		{ "spf-include", "a@include.example.com", "192.0.2.77", SPF_RESULT_PASS },
		{ "spf-mx", "a@mx.example.com", "198.51.100.2", SPF_RESULT_PASS } };
	SPF_dns_server_t *zone = SPF_dns_zone_new(NULL, "zone", 0);

	SPF_dns_zone_add_str(zone, "ip4.example.com", ns_t_txt, NETDB_SUCCESS,
	    "v=spf1 ip4:192.0.2.0/24 ip4:198.51.100.0/25 ip4:203.0.113.64/26 -all");
	SPF_dns_zone_add_str(
	    zone, "include.example.com", ns_t_txt, NETDB_SUCCESS, "v=spf1 include:one.example.com -all");
	SPF_dns_zone_add_str(zone, "one.example.com", ns_t_txt, NETDB_SUCCESS,
	    "v=spf1 ip4:198.51.100.0/24 include:two.example.com ~all");
	SPF_dns_zone_add_str(zone, "two.example.com", ns_t_txt, NETDB_SUCCESS, "v=spf1 ip4:192.0.2.0/24 ~all");
	SPF_dns_zone_add_str(zone, "mx.example.com", ns_t_txt, NETDB_SUCCESS, "v=spf1 mx a -all");
	SPF_dns_zone_add_str(zone, "mx.example.com", ns_t_mx, NETDB_SUCCESS, "mail1.example.com");
	SPF_dns_zone_add_str(zone, "mx.example.com", ns_t_mx, NETDB_SUCCESS, "mail2.example.com");
	SPF_dns_zone_add_str(zone, "mail1.example.com", ns_t_a, NETDB_SUCCESS, "198.51.100.1");
	SPF_dns_zone_add_str(zone, "mail2.example.com", ns_t_a, NETDB_SUCCESS, "198.51.100.2");
	p->spf = SPF_server_new_dns(zone, 0);
	SPF_server_set_rec_dom(p->spf, "mx.example.org");
	for (size_t i = 0; i < sizeof(queries) / sizeof(queries[0]); i++) {
		p->ip = queries[i].ip;
		p->mail_from = queries[i].mail_from;
		p->wanted = queries[i].wanted;
		rate_print(queries[i].figure, evaluate_spf, p);
	}
}

int
main(int argc, char **argv)
{
	static struct peer p;
	OPENDMARC_LIB_T lib = { .tld_type = OPENDMARC_TLD_TYPE_MOZILLA };

	if (argc < 2)
		return 64;
	rate_only = argv[2];
	measure_dkim(&p, argv[1]);
	measure_spf(&p);
	snprintf(
	    (char *)lib.tld_source_file, sizeof(lib.tld_source_file), "/usr/share/publicsuffix/public_suffix_list.dat");
	opendmarc_policy_library_init(&lib);
	rate_print("dmarc", evaluate_dmarc, NULL);
	return 0;
}
