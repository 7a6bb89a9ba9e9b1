;;; itera-mode.el --- Major mode for .itera experiment files  -*- lexical-binding: t; -*-

;; Version: 0.1.0
;; Package-Requires: ((emacs "26.1"))
;; Keywords: languages

;;; Commentary:

;; Colours, comments and indentation for .itera files.  With Eglot (part of Emacs 29) the rest comes from
;; the language server: `M-x eglot', or (add-hook 'itera-mode-hook #'eglot-ensure).

;;; Code:

(defgroup itera nil
  "Experiments in .itera files."
  :group 'languages)

(defcustom itera-program "itera"
  "The itera program, for its language server."
  :type 'string)

(defcustom itera-indent-offset 2
  "Columns that a block is indented."
  :type 'integer
  :safe #'integerp)

;; made from dsl/language_server/vocabulary.cpp: ITERA_UPDATE_GOLDENS=1 writes it
(defconst itera-clauses
  '("accept" "also" "arm" "baseline" "budget" "cap" "control" "crosscheck" "deterministic" "dev" "entity" "expected" "experiment" "failure" "hypothesis" "input" "iteration" "key" "metric" "one" "origin" "question" "ref" "report" "row" "rows" "sample" "seed" "severity" "ship" "slice" "split" "sprint" "stratify" "test" "traffic" "train" "trials" "use"))
(defconst itera-declarations
  '("use" "experiment" "baseline" "arm" "control" "metric" "also" "failure" "iteration"))
(defconst itera-rule-words
  '("and" "by" "cost" "does" "effect" "every" "from" "latency" "matches" "mechanism" "not" "of" "or" "output" "over" "per" "rise" "using" "weight" "when"))
(defconst itera-values
  '("false" "generated" "harm" "interval" "p95" "point" "production" "true" "underpowered"))
(defconst itera-functions
  '("abs" "env" "file" "len" "max" "min"))
;; end

(defvar itera-mode-syntax-table
  (let ((table (make-syntax-table)))
    (modify-syntax-entry ?/ ". 12" table)
    (modify-syntax-entry ?\n ">" table)
    (modify-syntax-entry ?\" "\"" table)
    (modify-syntax-entry ?` "\"" table)
    (modify-syntax-entry ?\\ "\\" table)
    (modify-syntax-entry ?_ "_" table)
    (dolist (sign '(?= ?< ?> ?+ ?- ?* ?% ?$ ?! ?'))
      (modify-syntax-entry sign "." table))
    table))

(defun itera--fence ()
  "Make the triple quote that was just matched the fence of a text."
  (let* ((begin (match-beginning 0))
         (state (save-excursion (syntax-ppss begin)))
         (fence (cond ((nth 4 state) nil)
                      ((not (nth 3 state)) begin)
                      ((eq (nth 3 state) t) (1- (match-end 0))))))
    (when fence
      (put-text-property fence (1+ fence) 'syntax-table (string-to-syntax "|")))))

(defconst itera--syntax-propertize
  (syntax-propertize-rules ("\"\"\"" (0 (ignore (itera--fence))))))

(defvar itera-font-lock-keywords
  (let ((name "[A-Za-z_][A-Za-z0-9_]*"))
    `((,(concat "\\_<\\(" name "\\)\\s-*=\\(?:[^=]\\|$\\)") 1 font-lock-variable-name-face)
      (,(concat "\\_<rows\\s-+\\(?:from\\|using\\)\\s-+\\(" name "\\)") 1 font-lock-type-face)
      (,(concat "\\_<using\\s-+\\(" name "\\)") 1 font-lock-type-face)
      (,(concat (regexp-opt itera-functions 'symbols) "\\s-*(") 1 font-lock-builtin-face)
      ("\\_<also\\s-+\\(cost\\|latency\\)\\_>" 1 font-lock-keyword-face)
      (,(concat (regexp-opt itera-declarations 'symbols) "\\s-+\\(" name "\\)")
       (1 font-lock-keyword-face) (2 font-lock-function-name-face))
      (,(regexp-opt itera-clauses 'symbols) . font-lock-keyword-face)
      (,(regexp-opt itera-rule-words 'symbols) . font-lock-keyword-face)
      (,(regexp-opt itera-values 'symbols) . font-lock-constant-face)
      ("{{[^{}\"]*}}" 0 font-lock-variable-name-face prepend)))
  "What `itera-mode' colours.")

(defun itera--indentation ()
  "The column at which the current line should begin."
  (save-excursion
    (back-to-indentation)
    (let* ((closes (looking-at "[]})]"))
           (goes-on (looking-at "\\_<\\(?:and\\|or\\)\\_>"))
           (opener (nth 1 (syntax-ppss)))
           (outer (if opener
                      (save-excursion (goto-char opener) (back-to-indentation) (current-column))
                    0)))
      (cond (closes outer)
            ((not opener) 0)
            (goes-on (+ outer itera-indent-offset 6))
            (t (+ outer itera-indent-offset))))))

(defun itera-indent-line ()
  "Indent the current line by the blocks that it stands in."
  (interactive)
  (if (nth 3 (syntax-ppss (line-beginning-position)))
      'noindent                         ; within a text blanks mean something
    (let ((from-end (- (point-max) (point))))
      (indent-line-to (itera--indentation))
      (when (> (- (point-max) from-end) (point))
        (goto-char (- (point-max) from-end))))))

;;;###autoload
(define-derived-mode itera-mode prog-mode "itera"
  "Major mode for .itera experiment files."
  (setq-local comment-start "// ")
  (setq-local comment-end "")
  (setq-local comment-start-skip "//+\\s-*")
  (setq-local indent-tabs-mode nil)
  (setq-local indent-line-function #'itera-indent-line)
  (setq-local electric-indent-chars (append "}])" electric-indent-chars))
  (setq-local syntax-propertize-function itera--syntax-propertize)
  (setq-local font-lock-defaults '(itera-font-lock-keywords)))

;;;###autoload
(add-to-list 'auto-mode-alist '("\\.itera\\'" . itera-mode))

(defvar eglot-server-programs)
(with-eval-after-load 'eglot
  (add-to-list 'eglot-server-programs
               (cons 'itera-mode (lambda (&rest _) (list itera-program "lsp")))))

(provide 'itera-mode)
;;; itera-mode.el ends here
