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

-- To Quarto, the attributes behind a caption are words of it at first.
local function taken_from_caption(tbl)
  local last = tbl.caption.long[#tbl.caption.long]
  local inlines = last and last.content or {}
  local _, from = pandoc.List(inlines):find_if(function(inline)
    return inline.t == "Str" and inline.text:match("^{[#.]")
  end)
  local text = from and pandoc.utils.stringify({ table.unpack(inlines, from) }) or ""
  if not text:match("%.landscape%f[%s}]") then
    return false
  end
  local kept = pandoc.Inlines({ table.unpack(inlines, 1, from - 1) })
  kept:insert(pandoc.Str((text:gsub("%s*%.landscape%s*", ""):gsub("^{}$", ""))))
  tbl.caption.long[#tbl.caption.long] = pandoc.Plain(kept)
  return true
end

-- What is of the class `landscape` stands on a page that lies across, which layout.lua makes, once the values are there.
-- Under that name Quarto would make one too, without header and footer in Word.
local function turned(element)
  local others = element.classes:filter(function(class)
    return class ~= "landscape"
  end)
  if #others == #element.classes and not (element.t == "Table" and taken_from_caption(element)) then
    return nil
  end
  element.classes = others
  local content = element.t == "Div" and element.identifier == "" and element.content or { element }
  return pandoc.Div(content, pandoc.Attr("", { "turned" }))
end

function Div(div)
  if div.classes:includes("heading-block") then
    return heading_block(div)
  end
  if div.classes:includes("notes") then
    return notes(div)
  end
  return turned(div)
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

function Table(tbl)
  -- A row's first cell is its heading.
  for _, body in ipairs(tbl.bodies) do
    if #tbl.colspecs > 1 and body.row_head_columns == 0 then
      body.row_head_columns = 1
    end
  end
  tbl = FORMAT:match("typst") and tbl:walk({ Plain = set_in }) or tbl
  return turned(tbl) or tbl
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
