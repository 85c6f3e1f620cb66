package cmd

// zshScript reads the words of the line without evaluating them, but for
// parameters such as $HOME, and puts each name whole in the place of what was
// typed, so that case and accents do not matter.
const zshScript = `#compdef moviedb
compdef _moviedb moviedb

# zsh completion for moviedb

# __moviedb_word sets REPLY to a word of the line as the shell would read it, but
# for command substitutions.
__moviedb_word() {
    local word=$1
    [[ $word == \~(/*|) ]] && word=$HOME${word#\~}
    [[ $word == *\$[A-Za-z_]* && $word != *[\(\[\{\'\` + "`" + `]* ]] && word=${(e)word}
    REPLY=${(Q)word}
}

_moviedb() {
    local program word typed line value detail prefix flag= REPLY
    local -a given lines values details shown space expl
    local -i directive width=0 i
    __moviedb_word "$words[1]"
    program=$REPLY
    (( $+commands[$program] )) || [[ -x $program ]] || program=moviedb # an alias
    for word in "${(@)words[2,CURRENT-1]}"; do
        __moviedb_word "$word"
        given+=("$REPLY")
    done
    case ${compstate[quote]} in
    \') typed=$PREFIX ;;
    \") typed=${(Q):-\"$PREFIX\"} ;;
    *)
        __moviedb_word "$PREFIX"
        typed=$REPLY
        ;;
    esac
    lines=("${(@f)$(MOVIEDB_COMPLETE_REPLACES=1 command $program __complete "${(@)given}" "$typed" 2>/dev/null)}")
    [[ $lines[-1] == :<-> ]] || return 1
    directive=${lines[-1]#:}
    [[ $typed == -*=* ]] && flag=${typed%%=*}=
    for line in "${(@)lines[1,-2]}"; do
        [[ -n $line ]] || continue
        value=${line%%$'\t'*}
        detail=${line#$value}
        values+=("$value")
        details+=("${detail#$'\t'}")
        (( ${(m)#value} > width && ${(m)#value} <= COLUMNS / 2 )) && width=${(m)#value}
    done
    if (( directive & 16 )); then
        [[ -n $flag ]] && compset -P 1 '*='
        _files -/
        return
    elif (( $#values == 0 )); then
        (( directive & 4 )) && return 1
        [[ -n $flag ]] && compset -P 1 '*='
        _files
        return
    fi
    for (( i = 1; i <= $#values; i++ )); do
        line=$values[i]
        (( ${(m)#line} < width )) && line=${(mr:width:)line}
        [[ -n $details[i] ]] && line+="  $details[i]"
        (( $#line >= COLUMNS )) && line="${line[1,COLUMNS-2]}…"
        shown+=("$line")
    done
    values=("${flag}${(@)^values}")
    (( directive & 2 )) && space=(-S '')
    _wanted moviedb expl completion compadd -U -l -d shown "${(@)space}" -a values || return

    # What all begin with takes the place of what was typed only if it is no less.
    prefix=$values[1]
    for value in "${(@)values}"; do
        while [[ $value != "$prefix"* ]]; do prefix=${prefix[1,-2]}; done
    done
    if (( $#values > 1 && $#prefix < $#typed )) && [[ ${compstate[insert]} == *unambiguous* ]]; then
        compstate[insert]=
        compstate[list]='list force'
    fi
    return 0
}

# when sourced, only the definitions count
if [[ $funcstack[1] == _moviedb ]]; then
    _moviedb "$@"
fi
`
