-- What a Word document needs that its writer does not do: tables whose rows stay whole, and styles in place of
-- formatting. Both engines run this last (Quarto: `post-render`), when every block is where it will stand.

if not FORMAT:match("docx") then
  return {}
end

local function raw(xml)
  return pandoc.RawBlock("openxml", xml)
end

local function styled(blocks, style)
  return pandoc.Div(blocks, pandoc.Attr("", {}, { ["custom-style"] = style }))
end

-- Quarto wraps each labelled table and figure in a table of one cell, which a screen reader announces as a table.

local function only_cell(tbl)
  local rows = 0
  local found
  for _, body in ipairs(tbl.bodies) do
    for _, row in ipairs(body.body) do
      rows = rows + 1
      found = #row.cells == 1 and row.cells[1] or nil
    end
  end
  return rows == 1 and #tbl.colspecs == 1 and #tbl.head.rows == 0 and found or nil
end

-- Quarto writes the properties of a caption's paragraph as text of it, and names them all Image Caption.
local function as_caption(block)
  local first = block.content[1]
  if not (first and first.t == "RawInline" and first.text:match("ImageCaption")) then
    return nil
  end
  local inlines = block.content:clone()
  inlines:remove(1)
  local is_table = pandoc.utils.stringify(inlines):match("^Table")
  return styled({ pandoc.Para(inlines) }, is_table and "Table Caption" or "Image Caption")
end

local function as_picture(block)
  if #block.content == 1 and block.content[1].t == "Image" then
    return styled({ pandoc.Para(block.content) }, "Captioned Figure")
  end
end

local function unwrap(tbl)
  local cell = only_cell(tbl)
  local function restyle(block)
    return as_caption(block) or as_picture(block)
  end
  return cell and cell.contents:walk({ Para = restyle, Plain = restyle })
end

-- Bold and italic by Word's own character styles. Inside a link, which has a style already, they stay as they are.
local character_styles = {
  traverse = "topdown",
  Link = function(link)
    return link, false
  end,
  Strong = function(strong)
    return pandoc.Span(strong.content, pandoc.Attr("", {}, { ["custom-style"] = "Strong" })), false
  end,
  Emph = function(emph)
    return pandoc.Span(emph.content, pandoc.Attr("", {}, { ["custom-style"] = "Emphasis" })), false
  end,
}

-- Tables. Pandoc's own cannot say that a row stays on one page, and aligns each cell by hand.

-- Twentieths of a point: A4 between the margins of reference.docx, and across.
local TEXT_WIDTH, ACROSS = 9070, 14002
local SMALL_MARGINS = '<w:tblCellMar><w:left w:w="60" w:type="dxa" /><w:right w:w="60" w:type="dxa" /></w:tblCellMar>'
local KEPT = 25 -- rows: a table of as many stays on one page
local CARRIED = 2 -- rows that go overleaf with the notes, if only these have no room

local function content_of(cell)
  local block = #cell.contents == 1 and cell.contents[1]
  return block and (block.t == "Plain" or block.t == "Para") and block.content or pandoc.Inlines({})
end

local function is_strong(inlines)
  return #inlines == 1 and inlines[1].t == "Strong"
end

-- A row is a total, or heads others, if all that stands in it is bold.
local function is_total(row)
  local found = false
  for _, cell in ipairs(row.cells) do
    local inlines = content_of(cell)
    if #inlines > 0 and not is_strong(inlines) then
      return false
    end
    found = found or #inlines > 0
  end
  return found
end

local function is_part(inlines)
  return #inlines == 1 and inlines[1].t == "Span" and inlines[1].classes:includes("part")
end

-- The style says what the cell is: Table Heading, Table Total, Table Text, Table Part; Figure on the right.
local function style_of(kind, inlines, alignment, kept)
  if kind == "Text" and is_part(inlines) then
    kind = "Part"
  end
  local right = alignment == "AlignRight" and " Figure" or ""
  if kind == "Text" and right ~= "" then
    kind, right = "Figure", ""
  end
  return "Table " .. kind .. right .. (kept and (kind == "Text" or kind == "Part" or kind == "Figure") and " Kept" or "")
end

local function write_row(blocks, row, kind, tbl, kept)
  local is_head = kind == "Heading"
  -- layout.lua finds the rows that are longer than a page might be.
  local long = row.attr.classes:includes("long")
  kept = kept and not long
  local split = long and '<w:cantSplit w:val="0" />' or "<w:cantSplit />"
  blocks:insert(raw("<w:tr><w:trPr>" .. split .. (is_head and "<w:tblHeader />" or "") .. "</w:trPr>"))
  local column = 1
  for _, cell in ipairs(row.cells) do
    local inlines = content_of(cell)
    local style = style_of(kind, inlines, tbl.colspecs[column][1], kept) .. tbl.suffix
    local width = 0
    for spanned = column, column + cell.col_span - 1 do
      width = width + tbl.widths[spanned]
    end
    column = column + cell.col_span
    local span = cell.col_span > 1 and string.format('<w:gridSpan w:val="%d" />', cell.col_span) or ""
    blocks:insert(raw(string.format('<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa" />%s</w:tcPr>', width, span)))
    if #inlines == 0 then
      blocks:insert(raw('<w:p><w:pPr><w:pStyle w:val="' .. style:gsub(" ", "") .. '" /></w:pPr></w:p>'))
    else
      local is_plain = kind == "Total" and is_strong(inlines) or is_part(inlines)
      blocks:insert(styled({ pandoc.Para(is_plain and inlines[1].content or inlines) }, style))
    end
    blocks:insert(raw("</w:tc>"))
  end
  blocks:insert(raw("</w:tr>"))
end

local function widths_of(tbl, whole)
  local widths, left = {}, whole
  for column, spec in ipairs(tbl.colspecs) do
    widths[column] = math.floor(whole * (spec[2] or 1 / #tbl.colspecs))
    left = left - widths[column]
  end
  widths[1] = widths[1] + left
  return widths
end

local function escape_xml(text)
  return (text:gsub("[&<>\"]", { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;" }))
end

local function write_table(tbl, caption)
  local rows = pandoc.List({})
  for _, body in ipairs(tbl.bodies) do
    rows:extend(body.body)
  end
  local whole = tbl.classes:includes("across") and ACROSS or TEXT_WIDTH
  local small = tbl.classes:includes("small")
  local written = { colspecs = tbl.colspecs, widths = widths_of(tbl, whole), suffix = small and " Small" or "" }
  local grid = ""
  for _, width in ipairs(written.widths) do
    grid = grid .. string.format('<w:gridCol w:w="%d" />', width)
  end
  local blocks = pandoc.Blocks({
    raw(
      '<w:tbl><w:tblPr><w:tblStyle w:val="Table" />'
        .. string.format('<w:tblW w:w="%d" w:type="dxa" /><w:tblLayout w:type="fixed" />', whole)
        .. (small and SMALL_MARGINS or "")
        .. '<w:tblLook w:val="00A0" w:firstRow="1" w:lastRow="0" w:firstColumn="1" w:lastColumn="0" '
        .. 'w:noHBand="0" w:noVBand="0" />'
        .. (caption ~= "" and '<w:tblCaption w:val="' .. escape_xml(caption) .. '" />' or "")
        .. "</w:tblPr><w:tblGrid>"
        .. grid
        .. "</w:tblGrid>"
    ),
  })
  for _, row in ipairs(tbl.head.rows) do
    write_row(blocks, row, "Heading", written, true)
  end
  for at, row in ipairs(rows) do
    -- LibreOffice leaves the notes alone on a page if every row is kept with the next.
    local carried = at > #rows - CARRIED
    -- One to look things up in (annex.lua) may be divided anywhere.
    local whole = #rows <= KEPT and not tbl.classes:includes("index") and (#rows <= CARRIED + 1 or at ~= #rows - CARRIED)
    write_row(blocks, row, is_total(row) and "Total" or "Text", written, carried or whole)
  end
  blocks:insert(raw("</w:tbl>"))
  return blocks
end

local function is_styled(block, style)
  return block and block.t == "Div" and block.attributes["custom-style"] == style
end

-- Quarto keeps its layout tables apart by paragraphs that hold a space.
local function is_spacer(block)
  local only = block.t == "Para" and #block.content == 1 and block.content[1]
  return only and (only.t == "Space" or only.t == "Str" and only.text:match("^%s*$"))
end

-- A table and its caption, which pandoc holds in the table, and Quarto by now as the block above.
local function write_tables(blocks)
  local written = pandoc.Blocks({})
  for at, block in ipairs(blocks) do
    if block.t ~= "Table" then
      if not is_spacer(block) then
        written:insert(block)
      end
    else
      local own = pandoc.utils.blocks_to_inlines(block.caption.long)
      local parts = pandoc.Blocks({})
      if #own > 0 then
        parts:insert(styled({ pandoc.Para(own) }, "Table Caption"))
      end
      local above = is_styled(blocks[at - 1], "Table Caption") and blocks[at - 1].content or pandoc.Blocks({})
      local caption = pandoc.utils.stringify(#own > 0 and own or above)
      parts:extend(write_table(block, caption))
      -- Word joins two tables that have nothing between them.
      if blocks[at + 1] and blocks[at + 1].t == "Table" then
        parts:insert(raw('<w:p><w:pPr><w:pStyle w:val="TableNotes" /></w:pPr></w:p>'))
      end
      written:insert(pandoc.Div(parts, pandoc.Attr(block.identifier)))
    end
  end
  return written
end

return {
  { traverse = "topdown", Table = unwrap },
  { Blocks = write_tables },
  character_styles,
}
