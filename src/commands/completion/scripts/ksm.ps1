Register-ArgumentCompleter -Native -CommandName ksm -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    # The values of constant words; what else was typed is not evaluated. The sign keeps an empty word.
    $words = foreach ($element in $commandAst.CommandElements) {
        if ($element.Extent.EndOffset -lt $cursorPosition) {
            if ($element -is [System.Management.Automation.Language.StringConstantExpressionAst]) {
                "=" + $element.Value
            } else {
                "=" + $element.Extent.Text
            }
        }
    }
    $before = $env:_KSM_COMPLETE
    $env:_KSM_COMPLETE = "powershell"
    try {
        $answer = @(& ksm -- $words "=$wordToComplete" 2>$null)
    } finally {
        $env:_KSM_COMPLETE = $before
    }
    # Without an answer, PowerShell completes names of files.
    $answer | Select-Object -Skip 1 | ForEach-Object {
        $value, $help = $_.Split("`t", 2)
        if (-not $help) {
            $help = $value
        }
        [System.Management.Automation.CompletionResult]::new($value, $value, "ParameterValue", $help)
    }
}
