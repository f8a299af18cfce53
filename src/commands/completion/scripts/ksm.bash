_ksm() {
    local kind='' line
    COMPREPLY=()
    {
        IFS= read -r kind
        while IFS= read -r line; do
            COMPREPLY+=("$line")
        done
    } <<<"$(_KSM_COMPLETE=bash ksm -- "$COMP_TYPE" "${COMP_LINE:0:COMP_POINT}" "$2" 2>/dev/null)"
    if [[ $kind == files* ]]; then
        compopt -o default 2>/dev/null
    elif [[ ${#COMPREPLY[@]} == 1 && ${COMPREPLY[0]} == *[=/:] ]]; then
        compopt -o nospace 2>/dev/null
    fi
}

# Older versions cannot choose by the word.
if [[ ${BASH_VERSINFO[0]} -gt 4 || ${BASH_VERSINFO[0]} -eq 4 && ${BASH_VERSINFO[1]} -ge 4 ]]; then
    complete -o bashdefault -o nosort -F _ksm ksm
elif [[ ${BASH_VERSINFO[0]} -eq 4 ]]; then
    complete -o bashdefault -F _ksm ksm
else
    complete -o bashdefault -o default -o nospace -F _ksm ksm
fi
