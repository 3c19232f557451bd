# fish completion for todoku
complete -c todoku -n __fish_use_subcommand -f -a why -d 'explain a refusal'
complete -c todoku -n __fish_use_subcommand -f -a catalog -d 'list, show or check what is known about replies'
complete -c todoku -n __fish_use_subcommand -l help -d 'a short help'
complete -c todoku -n __fish_use_subcommand -l version -d 'the version'

complete -c todoku -n '__fish_seen_subcommand_from why' -s j -l json -d 'one JSON object a failed recipient'
complete -c todoku -n '__fish_seen_subcommand_from why' -s s -l summary -d 'failures counted by cause and receiver'
complete -c todoku -n '__fish_seen_subcommand_from why' -s J -l jobs -x -a '1 2 4 8' -d 'threads'
complete -c todoku -n '__fish_seen_subcommand_from why' -s q -l quiet -d 'no progress, no notes'
complete -c todoku -n '__fish_seen_subcommand_from why catalog' -s l -l lang -x -a 'ja en' -d 'the language'
complete -c todoku -n '__fish_seen_subcommand_from why catalog' -s c -l catalog -x -a '(__fish_complete_directories)' -d 'also use the rules of this folder'
complete -c todoku -n '__fish_seen_subcommand_from why catalog' -s h -l help -d 'a short help'

complete -c todoku -n '__fish_seen_subcommand_from catalog; and not __fish_seen_subcommand_from list show check' -f -a 'list show check'
complete -c todoku -n '__fish_seen_subcommand_from list' -f -a 'causes rules providers'
complete -c todoku -n '__fish_seen_subcommand_from show' -f -a '(begin; todoku catalog list causes; todoku catalog list rules; end 2>/dev/null | cut -d" " -f1)'
