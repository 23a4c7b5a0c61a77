-- The report's own blocks: the heading block, the notes beneath a table, the place of the contents list.

local function styled(blocks, style)
  return pandoc.Div(blocks, pandoc.Attr("", {}, { ["custom-style"] = style }))
end

local function raw(text)
  return pandoc.RawInline("typst", text)
end

-- A definition list, set as lines of "term <tab> text" where the format has no list of that look.
local function heading_block(div)
  if FORMAT:match("html") then
    return nil
  end
  local blocks = pandoc.Blocks({})
  for _, list in ipairs(div.content) do
    for _, item in ipairs(list.t == "DefinitionList" and list.content or {}) do
      local term = item[1]
      local text = pandoc.utils.blocks_to_inlines(item[2][1])
      local line = pandoc.Inlines({})
      if FORMAT:match("typst") then
        line:insert(raw("#heading-line["))
        line:extend(term)
        line:insert(raw("]["))
        line:extend(text)
        line:insert(raw("]"))
        blocks:insert(pandoc.Plain(line))
      else
        line:insert(pandoc.Strong(term))
        line:insert(pandoc.RawInline("openxml", "<w:r><w:tab/></w:r>"))
        line:extend(text)
        blocks:insert(styled({ pandoc.Para(line) }, "Heading Block"))
      end
    end
  end
  return blocks
end

local function notes(div)
  if FORMAT:match("docx") then
    return styled(div.content, "Table Notes")
  end
  if FORMAT:match("typst") then
    local blocks = pandoc.Blocks({ pandoc.RawBlock("typst", "#table-notes[") })
    blocks:extend(div.content)
    blocks:insert(pandoc.RawBlock("typst", "]"))
    return blocks
  end
end

function Div(div)
  if div.classes:includes("heading-block") then
    return heading_block(div)
  end
  if div.classes:includes("notes") then
    return notes(div)
  end
end

local function longest_cell(rows, column)
  local longest = 1
  for _, row in ipairs(rows) do
    local cell = row.cells[column]
    longest = math.max(longest, cell and utf8.len(pandoc.utils.stringify(cell.contents)) or 0)
  end
  return longest
end

local function longest_word(rows, column)
  local longest = 1
  for _, row in ipairs(rows) do
    for word in pandoc.utils.stringify(row.cells[column].contents):gmatch("%S+") do
      longest = math.max(longest, utf8.len(word) or #word)
    end
  end
  return longest
end

local PAGE = 85 -- characters, about, that a row has room for
local HEAD = 26 -- characters of a row's heading that stand on one line; a longer one goes on below

-- Widths in proportion to what stands in the columns: Word needs them, and in the PDF they keep figures from
-- being broken where the table is as wide as the page. Else each format finds them by itself; pandoc's own
-- would be those of the dashes in the source.
local function set_widths(tbl)
  local lengths, sum = {}, 0
  for column = 1, #tbl.colspecs do
    local longest = 1
    for _, body in ipairs(tbl.bodies) do
      longest = math.max(longest, longest_cell(body.body, column))
    end
    if column == 1 and #tbl.colspecs > 3 then
      longest = math.min(longest, HEAD)
    end
    local head = tbl.head.rows
    lengths[column] = math.max(longest, longest_cell(head, column) / 2, longest_word(head, column) * 1.15) + 3
    sum = sum + lengths[column]
  end
  local needed = FORMAT:match("docx") or (FORMAT:match("typst") and sum > PAGE)
  local column = 0
  tbl.colspecs = tbl.colspecs:map(function(spec)
    column = column + 1
    return { spec[1], needed and lengths[column] / sum or nil }
  end)
end

local KEPT = 25 -- rows: as many stay on one page in Word; Typst measures by itself

-- In Word, rows stay together by a style whose paragraphs stay with the next.
local function keep_rows_together(tbl)
  local rows = 0
  for _, body in ipairs(tbl.bodies) do
    rows = rows + #body.body
  end
  if not FORMAT:match("docx") or rows > KEPT then
    return tbl
  end
  local kept = tbl:walk({
    Plain = function(plain)
      return styled({ pandoc.Para(plain.content) }, "Kept Table Text")
    end,
  })
  -- The caption is no row, and Quarto looks for the table's label in it.
  kept.caption = tbl.caption
  return kept
end

function Table(tbl)
  -- A row's first cell is its heading.
  for _, body in ipairs(tbl.bodies) do
    if #tbl.colspecs > 1 and body.row_head_columns == 0 then
      body.row_head_columns = 1
    end
  end
  set_widths(tbl)
  return keep_rows_together(tbl)
end
