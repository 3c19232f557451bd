# bash completion for todoku
_todoku() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} command=${COMP_WORDS[1]-} words=
	COMPREPLY=()
	if [ "$COMP_CWORD" = 1 ]; then
		words='why check verify spf dkim dmarc web gate doctor catalog --help --version'
	else
		case $prev in
		-l | --lang) words='ja en' ;;
		--color) words='auto always never' ;;
		--algorithm) words='rsa ed25519' ;;
		--canonicalization) words='relaxed/relaxed relaxed/simple simple/relaxed simple/simple' ;;
		--format)
			words='value zone panel route53 every'
			[ "$command" = why ] && words="html json sisimai $words" ;;
		--socket | --smtp | --api | --name | --size | --client | --milter | --internal | --seal | --listen | --host | --ip | --mail-from | --helo | --selector | --domain | --from | --spf | --dkim | --dns | --timeout | --now | --identity | --headers | --expires | --bits | --authserv-id | --receiver)
			return ;; # nothing here is a file
		--config | --policies | --mailboxes | --certificate | --keys | --zone | --trust-anchor | --evidence | --replay | --token | --psl | --key | --log | --message | --out | --domains)
			mapfile -t COMPREPLY < <(compgen -f -- "$cur")
			return ;;
		--socket-group)
			mapfile -t COMPREPLY < <(compgen -g -- "$cur")
			return ;;
		--mode) words='monitor enforce outgoing' ;;
		--policy) words='google google-bulk standard' ;;
		-c | --catalog | --maildir | --postfix)
			mapfile -t COMPREPLY < <(compgen -d -- "$cur")
			return ;;
		-J | --jobs) words='1 2 4 8' ;;
		esac
	fi
	if [ -z "$words" ] && [[ $cur == -* ]]; then
		case $command in
		why) words='--summary --verbose --brief --format --final --catalog --jobs --quiet --offline --zone --dns --timeout --trust-anchor --evidence --replay --now --json --color --lang --help' ;;
		verify) words='--ip --helo --mail-from --authserv-id --html --results --psl --zone --dns --timeout --trust-anchor --evidence --replay --now --json --color --lang --help' ;;
		check) words='--message --ip --helo --mail-from --selector --key --log --bulk --domains --html --csv --psl --zone --dns --timeout --trust-anchor --evidence --replay --now --json --color --lang --help' ;;
		dkim) words='--domain --selector --key --identity --headers --canonicalization --expires --copy --field-only --algorithm --bits --out --format --zone --dns --timeout --trust-anchor --evidence --replay --now --json --color --lang --help' ;;
		dmarc) words='--from --spf --dkim --psl --zone --dns --timeout --trust-anchor --evidence --replay --now --json --color --lang --help' ;;
		spf) words='--ip --mail-from --helo --repair --format --receiver --zone --dns --timeout --trust-anchor --evidence --replay --now --json --color --lang --help' ;;
		web) words='--listen --open --token --host --jobs --zone --dns --timeout --trust-anchor --evidence --replay --now --json --color --lang --help' ;;
		gate)
			words='--smtp --policy --policies --mailboxes --maildir --api --log --quiet --once --name --size --certificate --key --require-tls --client --proxy --milter --config --check --jobs --psl --zone --dns --timeout --trust-anchor --evidence --replay --now --json --color --lang --help'
			[[ " ${COMP_WORDS[*]} " == *' --milter '* ]] && words='--milter --mode --policy --policies --authserv-id --internal --keys --seal --quarantine --refuse --size --socket-group --quiet --config --check --jobs --psl --zone --dns --timeout --trust-anchor --evidence --replay --now --json --color --lang --help'
			[[ ${COMP_WORDS[2]} == @(enable|disable) ]] && words='--socket --postfix --dry-run --color --lang --help' ;;
		doctor) words='--postfix --color --lang --help' ;;
		catalog) words='--color --lang --catalog --help' ;;
		esac
	elif [ -z "$words" ] && [ "$command" = dkim ] && [ "$COMP_CWORD" = 2 ]; then
		words="verify sign keygen"
		mapfile -t COMPREPLY < <(compgen -W "$words" -f -- "$cur")
		return
	elif [ -z "$words" ] && [ "$command" = gate ] && [ "$COMP_CWORD" = 2 ]; then
		words='enable disable'
	elif [ -z "$words" ] && [ "$command" = catalog ]; then
		case " ${COMP_WORDS[*]:2:COMP_CWORD-2} " in
		*' list '*) words='causes rules providers' ;;
		*' show '*) words=$({ todoku catalog list causes; todoku catalog list rules; } 2>/dev/null | cut -d' ' -f1) ;;
		*' check '*) ;;
		*) words='list show check' ;;
		esac
	fi
	if [ -n "$words" ]; then
		mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
	elif [[ $command == @(why|verify|dkim) ]]; then
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		compopt -o filenames 2>/dev/null
	fi
}
complete -F _todoku todoku
