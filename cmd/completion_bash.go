package cmd

// bashScript needs no other package and nothing newer than bash 3.2. It reads
// the line itself, because COMP_WORDS is cut at colons, and to evaluate a line
// that is still being typed would run its command substitutions.
const bashScript = `# bash completion for moviedb

# __moviedb_read takes the line up to the cursor apart as the shell would, but
# for command substitutions. It sets words, the whole words before the cursor;
# typed, the word at the cursor without its quotes; quote, the quote that is
# open there; head, the part of typed that readline leaves as it is; and
# redirected, if the word is a file that the shell opens.
__moviedb_read()
{
    local line=$1 i c next begun= name
    words=() typed= quote= head= redirected=
    for ((i = 0; i < ${#line}; i++)); do
        c=${line:i:1}
        if [[ $quote == "'" ]]; then
            if [[ $c == "'" ]]; then quote= head=; else typed+=$c; fi
            continue
        fi
        if [[ $c == '$' && ${line:i+1} =~ ^([A-Za-z_][A-Za-z0-9_]*|\{[A-Za-z_][A-Za-z0-9_]*\}) ]]; then
            name=${BASH_REMATCH[1]} begun=1
            ((i += ${#name}))
            name=${name#\{} name=${name%\}}
            typed+=${!name-}
            continue
        fi
        if [[ $quote == '"' ]]; then
            next=${line:i+1:1}
            if [[ $c == '"' ]]; then
                quote= head=
            elif [[ $c == \\ && -n $next && $next == [\"\\\$\` + "`" + `] ]]; then
                typed+=$next
                ((i++))
            else
                typed+=$c
            fi
            continue
        fi
        case $c in
        [[:space:]\<\>\|\&\;\(\)])
            if [[ $c == [\<\>] && $typed == *[!0-9]* ]] || [[ $c != [\<\>] && -n $begun ]]; then
                [[ -z $redirected ]] && words+=("$typed")
                redirected=
            fi
            [[ $c == [\<\>] ]] && redirected=1
            typed= begun= head=
            ;;
        \\)
            ((i++))
            typed+=${line:i:1} begun=1
            ;;
        \' | \")
            quote=$c head=$typed begun=1
            ;;
        \~)
            if [[ -z $begun && ${line:i+1:1} == [/[:space:]] ]]; then typed=$HOME; else typed+=$c; fi
            begun=1
            ;;
        *)
            typed+=$c begun=1
            [[ $COMP_WORDBREAKS == *"$c"* ]] && head=$typed
            ;;
        esac
    done
}

# __moviedb_quote sets REPLY to a text as it is written inside the open quote, or
# without one.
__moviedb_quote()
{
    local text=$1 i c
    REPLY=
    for ((i = 0; i < ${#text}; i++)); do
        c=${text:i:1}
        case ${quote:-n}$c in
        \'\') REPLY+="'\\''" ;;
        \'*) REPLY+=$c ;;
        \"\!) REPLY+='"\!"' ;;
        \"[\"\\\$\` + "`" + `]) REPLY+=\\$c ;;
        \"*) REPLY+=$c ;;
        n[a-zA-Z0-9_./,+%-]) REPLY+=$c ;;
        n[[:ascii:]]) REPLY+=\\$c ;;
        *) REPLY+=$c ;;
        esac
    done
}

# __moviedb_insert adds a text to COMPREPLY as it is to stand in the line, without
# the part that readline leaves as it is.
__moviedb_insert()
{
    local text=$1
    if [[ -n $head ]]; then
        [[ ${text:${#head}-1:1} == "${head:${#head}-1}" ]] || return 0
        text=${text:${#head}}
    fi
    __moviedb_quote "$text"
    COMPREPLY+=("$REPLY$2")
}

# __moviedb_list fills COMPREPLY with lines to look at.
__moviedb_list()
{
    local i width=0 line columns=${COLUMNS:-80}
    for line in "${values[@]}"; do
        ((${#line} > width && ${#line} <= columns / 2)) && width=${#line}
    done
    for i in "${!values[@]}"; do
        line=${values[i]}
        if [[ -n ${details[i]} ]]; then
            printf -v line '%s%*s' "$line" $((width > ${#line} ? width - ${#line} : 0)) ''
            line+="  ${details[i]}"
        fi
        ((${#line} >= columns)) && line=${line:0:columns-2}…
        COMPREPLY+=("$line")
    done
}

_moviedb()
{
    local words typed quote head redirected program out directive value detail prefix flag=
    local values=() details=()
    COMPREPLY=()
    __moviedb_read "${COMP_LINE:0:COMP_POINT}"
    [[ -n $redirected || ${#words[@]} -eq 0 ]] && return
    program=${words[0]}
    [[ $(type -t "$program") == file ]] || program=moviedb # an alias
    out=$(MOVIEDB_COMPLETE_REPLACES=1 "$program" __complete "${words[@]:1}" "$typed" 2>/dev/null) || return
    directive=${out##*:}
    [[ $typed == -*=* ]] && flag=${typed%%=*}=
    while IFS=$'\t' read -r value detail; do
        [[ -n $value ]] && values+=("$flag$value") details+=("$detail")
    done <<<"${out%:*}"

    if [[ $(type -t compopt) == builtin ]]; then
        ((directive & 2)) && compopt -o nospace
        ((directive & 4)) && compopt +o default
        ((directive & 16)) && compopt +o default -o dirnames
    fi
    case ${#values[@]} in
    0) return ;;
    1)
        __moviedb_insert "${values[0]}" ''
        return
        ;;
    esac

    # Several names: what all of them begin with takes the place of what was
    # typed, if it is no less. If that is nothing new, readline gets an empty
    # name too, so that it leaves the line alone.
    prefix=${values[0]}
    for value in "${values[@]}"; do
        while [[ $value != "$prefix"* ]]; do prefix=${prefix%?}; done
    done
    if ((COMP_TYPE == 63)); then # a list only
        __moviedb_list
    elif ((COMP_TYPE == 37 || COMP_TYPE == 42)); then # one after the other, or all
        for value in "${values[@]}"; do __moviedb_insert "$value" ''; done
    elif [[ $prefix == "$typed" || ${#prefix} -lt ${#typed} ]]; then
        __moviedb_list
        COMPREPLY+=(' ')
    elif ((COMP_TYPE == 9)); then # no list yet
        __moviedb_insert "$prefix" 0
        __moviedb_insert "$prefix" 1
    else
        for value in "${values[@]}"; do __moviedb_insert "$value" ''; done
    fi
}

complete -o default -F _moviedb moviedb
`
