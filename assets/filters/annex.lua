-- The annex of origins, and what was not supplied, which the program writes (annex.py, lacking.py): lines within a
-- cell, rows that head others, widths by the number of columns, small type. Both engines run this after blocks.lua (Quarto: `pre-ast`), which finds widths by the words of each table.

local WIDTHS = { [3] = { 0.23, 0.34, 0.43 }, [4] = { 0.46, 0.24, 0.11, 0.19 } }

local function line_break(span)
  if span.classes:includes("line-break") then
    return pandoc.LineBreak()
  end
  -- Only the page links to its entries: as bookmarks of Word they would be in the way.
  if span.identifier ~= "" and not FORMAT:match("html") then
    return span.content
  end
end

local function heads_others(row)
  return #row.cells > 1 and pandoc.utils.stringify(row.cells[2].contents) == ""
end

local function as_index(tbl)
  local widths = WIDTHS[#tbl.colspecs]
  for _, body in ipairs(tbl.bodies) do
    for _, row in ipairs(body.body) do
      if heads_others(row) then
        row.cells = { row.cells[1] }
        row.cells[1].col_span = #widths
      end
    end
  end
  -- word.lua lets it be divided.
  tbl.classes:insert("index")
  for column, width in ipairs(widths) do
    tbl.colspecs[column] = { tbl.colspecs[column][1], not FORMAT:match("html") and width or nil }
  end
  return tbl
end

-- Pandoc's writer would set the columns in per cent of the page, and the text in the size of other tables.
local function in_typst(tbl)
  local inlines = pandoc.Inlines({})
  local function raw(text)
    inlines:insert(pandoc.RawInline("typst", text))
  end
  local function add(row)
    for _, cell in ipairs(row.cells) do
      raw(cell.col_span > 1 and "table.cell(colspan: " .. cell.col_span .. ")[" or "[")
      inlines:extend(pandoc.utils.blocks_to_inlines(cell.contents))
      raw("],")
    end
  end
  local columns = {}
  for column, spec in ipairs(tbl.colspecs) do
    columns[column] = string.format("%gfr", spec[2])
  end
  raw("#index-table((" .. table.concat(columns, ", ") .. "),")
  raw("table.header(")
  add(tbl.head.rows[1])
  raw("),")
  for _, body in ipairs(tbl.bodies) do
    body.body:map(add)
  end
  raw(")")
  return pandoc.Plain(inlines)
end

function Div(div)
  if not div.classes:includes("origins") then
    return nil
  end
  local title
  div = div:walk({
    traverse = "topdown",
    Span = line_break,
    Header = function(header)
      title = pandoc.utils.stringify(header)
    end,
    Table = function(tbl)
      tbl = as_index(tbl)
      -- page.lua names it so.
      tbl.attributes.name = FORMAT:match("html") and (title and "Numbers of " .. title or "What was not supplied") or nil
      return tbl
    end,
  })
  return FORMAT:match("typst") and div:walk({ Table = in_typst }) or div
end
