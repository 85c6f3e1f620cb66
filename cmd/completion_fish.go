package cmd

// fishScript hands the words of the line over as fish has read them. fish quotes
// what it inserts by itself and leaves out what does not begin with what was
// typed, whatever its case.
const fishScript = `# fish completion for moviedb

# __moviedb_typed prints the word at the cursor without its quotes, one of which
# may be open.
function __moviedb_typed
    set -l word (commandline -ct)
    string unescape -- "$word"
    or string unescape -- "$word\""
    or string unescape -- "$word'"
    or printf '%s\n' "$word"
end

function __moviedb_complete
    set -l words (commandline -opc)
    set -l typed (__moviedb_typed)
    for i in (seq (count $words)) # fish has taken quotes away, but put nothing in
        if string match -qr '^~(/|$)' -- $words[$i]
            set words[$i] $HOME(string sub -s 2 -- $words[$i])
        end
        for name in (string match -ar '\$[A-Za-z_]\w*' -- $words[$i] | string sub -s 2)
            set words[$i] (string replace -a -- "\$$name" "$$name" $words[$i])
        end
    end
    set -l program $words[1]
    type -fq -- $program; or set program moviedb
    set -l lines ($program __complete $words[2..-1] "$typed" 2>/dev/null)
    test (count $lines) -gt 0; or return
    set -l directive (string replace -r '^:' '' -- $lines[-1])
    string match -qr '^\d+$' -- $directive; or return
    set -l flag (string match -r -- '^-[^=]*=' "$typed")
    set -e lines[-1]
    if test (count $lines) -eq 1 -a (math "floor($directive / 2) % 2") -eq 1
        set -a lines (string split -f 1 \t -- $lines[1]), # so that no blank is added
    end
    for line in $lines
        printf '%s%s\n' "$flag" $line
    end
    if test (math "floor($directive / 16) % 2") -eq 1
        set -l dirs (__fish_complete_directories (string replace -- "$flag" '' "$typed") '')
        test (count $dirs) -gt 0; and printf "$flag%s\n" $dirs
    else if test (count $lines) -eq 0 -a (math "floor($directive / 4) % 2") -eq 0
        __fish_complete_path (string replace -- "$flag" '' "$typed") ''
    end
end

complete -c moviedb -e
complete -c moviedb -f -a '(__moviedb_complete)'
`
