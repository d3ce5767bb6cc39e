-- Every word of the language that tree-sitter's queries see in the files that Neovim was started with: a line for
-- each, with the file, the line and the column.
local get = vim.treesitter.query.get or vim.treesitter.query.get_query

for _, path in ipairs(vim.fn.argv()) do
  local text = table.concat(vim.fn.readfile(path), "\n") .. "\n"
  local query = get("purlin", "highlights")
  local root = vim.treesitter.get_string_parser(text, "purlin"):parse()[1]:root()
  for id, node in query:iter_captures(root, text, 0, -1) do
    if query.captures[id]:find("^keyword") then
      local row, column = node:start()
      io.stdout:write(("%s:%d:%d %s\n"):format(path, row + 1, column + 1, vim.treesitter.query.get_node_text(node, text)))
    end
  end
end
vim.cmd("qall!")
