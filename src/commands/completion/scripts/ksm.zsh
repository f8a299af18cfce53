#compdef ksm

_ksm() {
    local typed=$PREFIX kind line value
    local -a answer closed open
    [[ -n $compstate[quote] ]] || typed=${(Q)typed}
    answer=("${(@f)$(_KSM_COMPLETE=zsh ksm -- "${(@Q)words[1,CURRENT-1]}" "$typed" 2>/dev/null)}")
    kind=$answer[1]
    if [[ $kind == files* ]]; then
        kind=${kind#files }
        compset -p ${#kind}
        _files
        return
    fi
    for line in "${(@)answer[2,-1]}"; do
        value=${line%%$'\t'*}
        # A colon parts a value from what it means.
        line="${${value//\\/\\\\}//:/\\:}${${line#"$value"}/$'\t'/:}"
        case $value in
            (*[=/:]) open+=("$line") ;;
            (*) closed+=("$line") ;;
        esac
    done
    (( $#closed )) && _describe -V values closed
    (( $#open )) && _describe -V values open -S ''
}

if [[ $funcstack[1] == _ksm ]]; then
    _ksm "$@"
else
    compdef _ksm ksm
fi
