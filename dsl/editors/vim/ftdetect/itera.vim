autocmd BufNewFile,BufRead *.itera setfiletype itera
