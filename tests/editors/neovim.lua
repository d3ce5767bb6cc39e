-- An author at work in Neovim, with the real server. Run by tests/editors/test_editors.py: Neovim has read the
-- configuration of docs/editors.md, and the folder it is in holds a copy of an example.

local function wait(what, holds)
  if not vim.wait(10000, holds, 20) then error("in vain: " .. what, 2) end
end

local function text() return table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), "\n") .. "\n" end

local function has(part) return text():find(part, 1, true) ~= nil end

local function errors() return vim.diagnostic.get(0, { severity = vim.diagnostic.severity.ERROR }) end

-- Puts the cursor on the first letter of what is found.
local function go(part)
  for at, line in ipairs(vim.api.nvim_buf_get_lines(0, 0, -1, false)) do
    local column = line:find(part, 1, true)
    if column then return vim.api.nvim_win_set_cursor(0, { at, column - 1 }) end
  end
  error("not there: " .. part, 2)
end

local function replace(old, new)
  go(old)
  local row, column = unpack(vim.api.nvim_win_get_cursor(0))
  vim.api.nvim_buf_set_text(0, row - 1, column, row - 1, column + #old, { new })
end

local function ask(method, extra)
  local params = vim.tbl_extend("force", vim.lsp.util.make_position_params(0, "utf-16"), extra or {})
  for _, answer in pairs(assert(vim.lsp.buf_request_sync(0, method, params, 10000))) do
    assert(not answer.err, vim.inspect(answer.err))
    return answer.result
  end
end

local steps = {
  { "the file is Purlin's, and the server comes", function()
    vim.cmd("edit main.purlin")
    assert(vim.bo.filetype == "purlin", vim.bo.filetype)
    wait("a client", function()
      local client = vim.lsp.buf_get_clients(0)[1]
      return client and client.initialized
    end)
    assert(vim.lsp.buf_get_clients(0)[1].config.root_dir == vim.fn.getcwd(), vim.lsp.buf_get_clients(0)[1].config.root_dir)
  end },

  { "a correct program has no error, a mistake is shown where it is", function()
    -- Findings come for every file of the project, so those of the first reading are awaited by a mistake.
    replace("visibility", "visibilty")
    wait("a finding", function() return #errors() == 1 end)
    local row = vim.api.nvim_win_get_cursor(0)[1] - 1
    local finding = errors()[1]
    assert(finding.lnum == row and finding.source == "purlin", vim.inspect(finding))
    assert(finding.message:find("visibilty", 1, true), finding.message)
  end },

  { "a code action mends it", function()
    local offered
    vim.ui.select = function(all, _, choose)
      offered = all
      choose(all[1], 1)
    end
    go("visibilty")
    vim.lsp.buf.code_action()
    wait("the remedy", function() return has("visibility") and not has("visibilty") end)
    assert(#offered > 0)
    wait("no finding", function() return #errors() == 0 end)
  end },

  { "completion knows what can stand", function()
    go("can send")
    local row = vim.api.nvim_win_get_cursor(0)[1]
    vim.api.nvim_buf_set_lines(0, row, row, false, { "  can " })
    -- Behind the line's end, where the cursor is while one writes.
    local answer = ask("textDocument/completion", { position = { line = row, character = 6 } })
    local items = vim.lsp.util.text_document_completion_list_to_complete_items(answer, "")
    local words = vim.tbl_map(function(item) return vim.trim(item.word) end, items)
    assert(vim.tbl_contains(words, "send") and vim.tbl_contains(words, "read"), vim.inspect(words))
    vim.api.nvim_buf_set_lines(0, row, row + 1, false, {})
  end },

  { "hover says what a word means", function()
    go("visibility")
    local said = vim.inspect(ask("textDocument/hover").contents)
    assert(said:find("Duration", 1, true), said)
  end },

  { "a definition is gone to", function()
    go("can send")
    vim.cmd("normal! 2w")
    local word = vim.fn.expand("<cword>")
    vim.lsp.buf.definition()
    wait("the declaration", function() return vim.api.nvim_get_current_line():find("^queue " .. word) end)
  end },

  { "a rename takes every place", function()
    local old = vim.api.nvim_get_current_line():match("^queue (%w+)")
    local _, places = text():gsub("%f[%w_]" .. old .. "%f[^%w_]", "")
    assert(places >= 3, places)
    go("queue " .. old)
    vim.cmd("normal! w")
    vim.lsp.buf.rename("renamed")
    wait("the new name", function() return has("queue renamed") end)
    local _, renamed = text():gsub("%f[%w_]renamed%f[^%w_]", "")
    assert(renamed >= 3, text())
    assert(not has("can send " .. old), text())
    wait("no finding", function() return #errors() == 0 end)
  end },

  { "formatting makes it canonical", function()
    local formatted = text()
    replace("queue renamed {", "queue    renamed{")
    assert(text() ~= formatted)
    if vim.lsp.buf.format then vim.lsp.buf.format({ timeout_ms = 10000 }) else vim.lsp.buf.formatting_sync(nil, 10000) end
    assert(text() == formatted, text())
  end },

  { "tree-sitter highlights", function()
    local buffer = vim.api.nvim_get_current_buf()
    assert(vim.treesitter.highlighter.active[buffer], "no highlighter")
    local parser = vim.treesitter.get_parser(buffer, "purlin")
    local root = parser:parse()[1]:root()
    assert(not root:has_error(), "an ERROR or MISSING node")
    local get = vim.treesitter.query.get or vim.treesitter.query.get_query
    local seen = {}
    for id, node in get("purlin", "highlights"):iter_captures(root, buffer, 0, -1) do
      local row, from, last, to = node:range()
      if row == last then
        seen[vim.api.nvim_buf_get_text(buffer, row, from, last, to, {})[1]] = get("purlin", "highlights").captures[id]
      end
    end
    assert(seen.stack == "keyword" and seen.queue == "type" and seen.renamed == "variable", vim.inspect(seen))
    assert(get("purlin", "folds") and get("purlin", "indents"))
  end },
}

for _, step in ipairs(steps) do
  local name, run = unpack(step)
  local ok, why = xpcall(run, debug.traceback)
  io.stdout:write((ok and "ok: " or "FAILED: ") .. name .. "\n" .. (ok and "" or tostring(why) .. "\n"))
  if not ok then vim.cmd("cquit") end
end
vim.cmd("qall!")
