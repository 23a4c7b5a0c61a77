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

-- A row that is part of the one above has its whole first cell in a span of the class `part`. HTML sets it in by
-- its style sheet, Word by a paragraph style (word.lua).
local function set_in(plain)
  local only = #plain.content == 1 and plain.content[1]
  if only and only.t == "Span" and only.classes:includes("part") then
    local inlines = pandoc.Inlines({ raw("#table-part[") })
    inlines:extend(only.content)
    inlines:insert(raw("]"))
    return pandoc.Plain(inlines)
  end
end

local PAGE = 96 -- characters, about, that a row has room for
local PADDING = FORMAT:match("docx") and 2 or 3 -- characters, about, beside the text of a cell
local FIGURE = 14 -- characters: a column of as many holds figures and units
local BOLD = 1.1 -- times as wide as other letters

local function text_of(cell)
  return cell and pandoc.utils.stringify(cell.contents) or ""
end

local function longest_word(text)
  local longest = 1
  for word in text:gmatch("%S+") do
    longest = math.max(longest, utf8.len(word) or #word)
  end
  return longest
end

-- What a column holds: the lengths of its cells, the width in which none takes a second line, the least one.
local function measured(tbl, column)
  local measure = { cells = {}, width = 1, least = 1, in_one_line = 1 }
  for _, row in ipairs(tbl.head.rows) do
    local text = text_of(row.cells[column])
    -- The head is bold, and takes two lines, or three where there is no room.
    local length = utf8.len(text) * BOLD
    table.insert(measure.cells, length)
    measure.least = math.max(measure.least, longest_word(text) * BOLD, length / 3 + 1)
    measure.width = math.max(measure.width, length / 2 + 1)
    measure.in_one_line = math.max(measure.in_one_line, length)
  end
  for _, body in ipairs(tbl.bodies) do
    for _, row in ipairs(body.body) do
      local text = text_of(row.cells[column])
      table.insert(measure.cells, utf8.len(text))
      measure.least = math.max(measure.least, longest_word(text))
      measure.width = math.max(measure.width, utf8.len(text))
    end
  end
  measure.width = math.max(measure.width, measure.least)
  return measure
end

local function lines(measure, width)
  local sum = 0
  for _, length in ipairs(measure.cells) do
    sum = sum + math.ceil(length / width)
  end
  return sum
end

-- The next narrower width of a column, and the lines that it costs for each character that it saves.
local function narrower(measure, excess)
  local width = measure.least
  for _, length in ipairs(measure.cells) do
    if length < measure.width then
      width = math.max(width, length)
    end
  end
  width = math.max(width, measure.width - excess)
  local more = lines(measure, width) - lines(measure, measure.width)
  -- A figure whose unit goes on below is harder to read than words that do.
  local weight = measure.width <= FIGURE and 2 or 1
  return width, weight * more / (measure.width - width)
end

-- Narrow, column by column, where it makes the fewest cells take another line; what is left of rounding stays.
local function narrow(measures, excess)
  while excess > 0.01 do
    local best, best_width, best_cost
    for _, measure in ipairs(measures) do
      if measure.width > measure.least then
        local width, cost = narrower(measure, excess)
        if not best or cost < best_cost then
          best, best_width, best_cost = measure, width, cost
        end
      end
    end
    if not best then
      return
    end
    excess = excess - (best.width - best_width)
    best.width = best_width
  end
end

local function sum_of(measures)
  local sum = 0
  for _, measure in ipairs(measures) do
    sum = sum + measure.width + PADDING
  end
  return sum
end

-- All heads alike, so that none takes two lines beside one that need not.
local function give_heads_one_line(measures)
  local wider = measures:map(function(measure)
    return { width = math.max(measure.width, measure.in_one_line) }
  end)
  if sum_of(wider) <= PAGE then
    for column, measure in ipairs(measures) do
      measure.width = wider[column].width
    end
  end
end

-- Widths by what stands in the columns: Word needs them, and in the PDF they keep figures from being broken where
-- the table is as wide as the page. Else each format finds them by itself; pandoc's own would be those of the
-- dashes in the source.
local function set_widths(tbl)
  local widths = {}
  if not FORMAT:match("html") then
    local measures = pandoc.List({})
    for column = 1, #tbl.colspecs do
      measures:insert(measured(tbl, column))
    end
    local excess = sum_of(measures) - PAGE
    narrow(measures, excess)
    give_heads_one_line(measures)
    if FORMAT:match("docx") or excess > 0 then
      local sum = sum_of(measures)
      for column, measure in ipairs(measures) do
        widths[column] = (measure.width + PADDING) / sum
      end
    end
  end
  -- Without a width a column is as wide as its content; pandoc gives one to those of tables with long lines.
  local column = 0
  tbl.colspecs = tbl.colspecs:map(function(spec)
    column = column + 1
    return { spec[1], widths[column] }
  end)
end

function Table(tbl)
  -- A row's first cell is its heading.
  for _, body in ipairs(tbl.bodies) do
    if #tbl.colspecs > 1 and body.row_head_columns == 0 then
      body.row_head_columns = 1
    end
  end
  set_widths(tbl)
  return FORMAT:match("typst") and tbl:walk({ Plain = set_in }) or tbl
end

-- Quarto takes the items of Typst's own list of terms out of their list.
local function definitions(list)
  if not FORMAT:match("typst") then
    return nil
  end
  local blocks = pandoc.Blocks({ pandoc.RawBlock("typst", "#definitions(") })
  for _, item in ipairs(list.content) do
    blocks:insert(pandoc.RawBlock("typst", "(["))
    blocks:insert(pandoc.Plain(item[1]))
    blocks:insert(pandoc.RawBlock("typst", "], ["))
    for _, definition in ipairs(item[2]) do
      blocks:extend(definition)
    end
    blocks:insert(pandoc.RawBlock("typst", "]),"))
  end
  blocks:insert(pandoc.RawBlock("typst", ")"))
  return blocks
end

-- What is tied to an absent figure goes, with the item, list or paragraph that it leaves empty.
local function is_blank(inline)
  return inline.t == "Space" or inline.t == "SoftBreak" or inline.t == "LineBreak"
end

local function remove_absent_inlines(inlines)
  local kept, removed = pandoc.Inlines({}), false
  for _, inline in ipairs(inlines) do
    if inline.t == "Span" and inline.classes:includes("absent") then
      removed = true
    elseif not (is_blank(inline) and (#kept == 0 or is_blank(kept[#kept]))) then
      kept:insert(inline)
    end
  end
  if removed then
    while #kept > 0 and is_blank(kept[#kept]) do
      kept:remove(#kept)
    end
    return kept
  end
end

-- Called for the blocks within first, so a list's items are what is left of them.
local function remove_absent_blocks(blocks)
  local kept = pandoc.Blocks({})
  for _, block in ipairs(blocks) do
    if block.t == "BulletList" or block.t == "OrderedList" then
      block.content = pandoc.List(block.content):filter(function(item)
        return #item > 0
      end)
    end
    local holds = block.t == "Para" or block.t == "Plain" or block.t == "BulletList" or block.t == "OrderedList"
    if not (holds and #block.content == 0) then
      kept:insert(block)
    end
  end
  return kept
end

-- The heading block is a definition list too, so it comes first.
return {
  { Inlines = remove_absent_inlines, Blocks = remove_absent_blocks },
  { Div = Div, Table = Table }, 
  { DefinitionList = definitions },
}
