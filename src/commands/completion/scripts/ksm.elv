use str

set edit:completion:arg-completer[ksm] = {|@words|
    tmp E:_KSM_COMPLETE = elvish
    var @answer = (ksm -- $@words | from-lines)
    var kind = $answer[0]
    if (str:has-prefix $kind files) {
        var head = (str:trim-prefix $kind 'files ')
        var path = $words[-1][(count $head)..]
        edit:complete-filename $path | each {|file|
            edit:complex-candidate $head$file[stem] &code-suffix=$file[code-suffix]
        }
    } else {
        for line $answer[1..] {
            var value = [(str:split "\t" $line)][0]
            var suffix = ' '
            for end [= / :] {
                if (str:has-suffix $value $end) {
                    set suffix = ''
                }
            }
            edit:complex-candidate $value &code-suffix=$suffix
        }
    }
}
