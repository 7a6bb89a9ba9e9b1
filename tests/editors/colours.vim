" vim -es -Nu NONE -S colours.vim: writes how Vim colours sample.itera and indents it, to $COLOURS_OUT.
set nocompatible nomodeline
let &runtimepath = $COLOURS_ROOT . '/dsl/editors/vim,' . &runtimepath
filetype plugin indent on
syntax on
execute 'edit' fnameescape($COLOURS_ROOT . '/tests/editors/sample.itera')
let out = ['filetype ' . &filetype . ', commentstring ' . &commentstring]
for number in range(1, line('$'))
  let text = getline(number)
  let column = 1
  while column <= len(text)
    let group = synIDattr(synID(number, column, 1), 'name')
    let begin = column
    while column <= len(text) && synIDattr(synID(number, column, 1), 'name') ==# group
      let column += 1
    endwhile
    if group !=# ''
      call add(out, printf('%d:%d %s %s', number, begin, group, strpart(text, begin - 1, column - begin)))
    endif
  endwhile
endfor
let written = getline(1, '$')
for number in range(1, line('$'))
  if synIDattr(synID(number, 1, 1), 'name') !=# 'iteraText'
    call setline(number, substitute(getline(number), '^\s\+', '', ''))
  endif
endfor
silent normal! gg=G
for number in range(1, line('$'))
  if getline(number) !=# written[number - 1]
    call add(out, 'indented as ' . getline(number))
  endif
endfor
call writefile(out, $COLOURS_OUT)
qall!
