" Two columns a block, six for a line that goes on with `and` or `or`; `itera fmt` does the rest.
if exists('b:did_indent')
  finish
endif
let b:did_indent = 1

setlocal indentexpr=IteraIndent()
setlocal indentkeys=0},0),o,O,=and,=or
let b:undo_indent = 'setlocal indentexpr< indentkeys<'

if exists('*IteraIndent')
  finish
endif

function! s:Group(number, column)
  return synIDattr(synID(a:number, a:column, 1), 'name')
endfunction

" Lines within a text are the text's own.
function! s:InText(number)
  return getline(a:number) =~# '^\s*\S' && s:Group(a:number, 1) ==# 'iteraText'
endfunction

" How many more blocks and lists the line opens than it closes; a bracket that it begins with is not counted.
function! s:Depth(number)
  let depth = 0
  let text = getline(a:number)
  for column in range(match(text, '\S') + 1, len(text))
    let sign = text[column - 1]
    if sign !~# '[][{}()]' || s:Group(a:number, column) =~# 'Text\|Column\|Comment\|Escape\|Template'
      continue
    elseif sign =~# '[[{(]'
      let depth += 1
    elseif column > match(text, '\S') + 1
      let depth -= 1
    endif
  endfor
  return depth
endfunction

function! s:Before(number)
  let before = prevnonblank(a:number - 1)
  while before > 0 && s:InText(before)
    let before = prevnonblank(before - 1)
  endwhile
  return before
endfunction

function! IteraIndent()
  if s:InText(v:lnum)
    return -1
  endif
  let before = s:Before(v:lnum)
  while before > 0 && getline(before) =~# '^\s*\%(and\|or\)\>'
    let before = s:Before(before)
  endwhile
  if before == 0
    return 0
  endif
  let here = indent(before) + shiftwidth() * s:Depth(before)
  if getline(v:lnum) =~# '^\s*[]})]'
    let here -= shiftwidth()
  elseif getline(v:lnum) =~# '^\s*\%(and\|or\)\>'
    let here = indent(before) + 6
  endif
  return here < 0 ? 0 : here
endfunction
