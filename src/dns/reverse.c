#include "dns/reverse.h"

#include "base/out.h"

struct span
dns_reverse_name(struct arena *arena, const struct ip_address *ip)
{
	struct out out = { 0 };
	struct span name;

	if (ip->is_v6)
		for (size_t i = 32; i-- > 0;) {
			out_char(&out, "0123456789abcdef"[ip->bytes[i / 2] >> (i % 2 ? 0 : 4) & 15]);
			out_char(&out, '.');
		}
	else
		for (size_t i = 4; i-- > 0;) {
			out_number(&out, ip->bytes[i]);
			out_char(&out, '.');
		}
	out_str(&out, ip->is_v6 ? "ip6.arpa" : "in-addr.arpa");
	name = arena_copy(arena, out_view(&out));
	out_deinit(&out);
	return name;
}
