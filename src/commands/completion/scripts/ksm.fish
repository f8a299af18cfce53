function __ksm_complete
    set -l token (commandline -ct)
    set -l answer (_KSM_COMPLETE=fish ksm -- (commandline -opc) $token 2>/dev/null)
    set -l files (string match -r '^files (.*)' -- $answer[1])
    if set -q files[2]
        set -l path (string sub -s (math 1 + (string length -- $files[2])) -- $token)
        for file in (complete -C "'' $path")
            printf '%s%s\n' $files[2] $file
        end
    else
        printf '%s\n' $answer[2..-1]
    end
end

complete --command ksm --no-files --keep-order --arguments '(__ksm_complete)'
