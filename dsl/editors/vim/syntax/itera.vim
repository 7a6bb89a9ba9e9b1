" Colours of .itera files.
if exists('b:current_syntax')
  finish
endif

syntax case match

syntax match iteraOperator />=\|<=\|==\|!=\|[-<>+*/=]/
syntax match iteraNumber /\%([A-Za-z0-9_]\)\@1<![+-]\?\$\?\d[0-9_]*\%(\/\d\+\|\%(\.\d\+\)\?\%([eE][+-]\?\d\+\)\?\)\%(pp\|%\|ms\|s\|k\)\?/
syntax match iteraSetting /\<[A-Za-z_][A-Za-z0-9_]*\>\ze\s*==\@!/
syntax match iteraPlugin /\%(\<using\s\+\|\<rows\s\+from\s\+\)\@<=[A-Za-z_][A-Za-z0-9_]*/
syntax match iteraColumn /`[^`]*`/
syntax match iteraEscape /\\\%(["\\ntr]\|u{\x\{1,6}}\)/ contained
syntax match iteraTemplate /{{[^{}"]*}}/ contained
syntax region iteraText start=/"/ skip=/\\./ end=/"/ oneline contains=iteraEscape,iteraTemplate,@Spell
syntax region iteraText start=/"""/ skip=/\\./ end=/"""/ contains=iteraEscape,iteraTemplate,@Spell
syntax keyword iteraTodo contained TODO FIXME
syntax match iteraComment "//.*$" contains=iteraTodo,@Spell

" made from dsl/language_server/vocabulary.cpp: ITERA_UPDATE_GOLDENS=1 writes it
syntax keyword iteraClause accept also arm baseline budget cap control crosscheck deterministic dev entity expected experiment failure hypothesis input iteration key metric one origin question ref report row rows sample seed severity ship slice split sprint stratify test traffic train trials use
syntax keyword iteraRule and by cost does effect every from latency matches mechanism not of or output over per rise using weight when
syntax keyword iteraValue false generated harm interval p95 point production true underpowered
syntax keyword iteraFunction abs env file len max min
" end

syntax sync fromstart

highlight default link iteraClause Statement
highlight default link iteraRule Keyword
highlight default link iteraValue Constant
highlight default link iteraFunction Function
highlight default link iteraSetting Identifier
highlight default link iteraPlugin Type
highlight default link iteraColumn Identifier
highlight default link iteraNumber Number
highlight default link iteraOperator Operator
highlight default link iteraText String
highlight default link iteraEscape SpecialChar
highlight default link iteraTemplate Special
highlight default link iteraComment Comment
highlight default link iteraTodo Todo

let b:current_syntax = 'itera'
