-- Where long words may break, how wide columns are and in which size, and which rows may break over pages. Quarto runs
-- this before finish.lua (`post-quarto`), when the values are there. What fits in no size was refused before
-- (tables.py), by the same widths of characters: assets/fonts/widths.json, in the size of the type.

local SPACE = "\u{200b}" -- of no width: a line may break there. page.lua makes elements of it
local LONG = 16 -- characters: a word of more breaks after its signs

-- `inputs`: a word; it comes back with `mark` where it may break. Between digits it may not.
local function divided(word, mark)
  if utf8.len(word) > LONG then
    return (word:gsub("()([%-_/.?&=@#+;]+)()", function(from, signs, to)
      local before, after = word:sub(from - 1, from - 1), word:sub(to, to)
      local breaks = from > 1 and after:match("[%w\x80-\xff]") and not (before:match("%d") and after:match("%d"))
      return breaks and signs .. mark or nil
    end))
  end
  -- "Investigation/Prisoner" may be divided after the stroke, "n/a" may not.
  return (word:gsub("(%a%a%a%a[/%-])%f[%a]", "%1" .. mark))
end

-- A hyphen before a letter needs none: all formats break there.
local function with_breaks(text)
  return (divided(text, SPACE):gsub("%-" .. SPACE .. "%f[%a]", "-"))
end

-- In the PDF by an empty box and no character, so that an address can be found and copied.
local function breakable(str)
  local text = with_breaks(str.text)
  if text == str.text then
    return nil
  end
  if not FORMAT:match("typst") then
    return pandoc.Str(text)
  end
  local inlines = pandoc.Inlines({})
  for part in text:gsub(SPACE, "\n"):gmatch("[^\n]+") do
    inlines:extend({ pandoc.RawInline("typst", "#box()"), pandoc.Str(part) })
  end
  return pandoc.Inlines({ table.unpack(inlines, 2) })
end

-- Code has a way of its own in the PDF and in HTML.
local function breakable_code(code)
  if FORMAT:match("docx") then
    code.text = with_breaks(code.text)
    return code
  end
end

-- Widths, in points.

-- A project's root has no fonts, and no tables worth measuring.
local file = io.open("assets/fonts/widths.json", "rb")
local faces = file and pandoc.json.decode(file:read("a"), false) or { regular = {}, bold = {} }
if file then
  file:close()
end

local UNKNOWN = 0.6 -- in the size of the type
local SLACK = 10 / 25.4 * 72 -- kept free, for what stands in a callout
local PAGES = { upright = 160 / 25.4 * 72, across = 247 / 25.4 * 72 }
-- Size, room beside the text of a cell, and height of a line.
local NORMAL = { size = 9.5, inset = 12, line = 12 }
local SMALL = { size = 8, inset = 6, line = 10.5 }
local BREAK = 12 -- points: what a line may leave free, because the next word is too long
local LONGEST_ROW = 300 -- points: one of more may break over pages

local function width_of(text, face)
  local sum = 0
  for _, code in utf8.codes(text) do
    sum = sum + (face[utf8.char(code)] or UNKNOWN)
  end
  return sum
end

-- Width of a cell's text, and of the longest piece of it that does not break.
local function measure_cell(cell, bold)
  local face = faces[bold and "bold" or "regular"]
  local text = pandoc.utils.stringify(cell.contents:walk({
    Note = function()
      return {}
    end,
    Code = function(code)
      return pandoc.Str((code.text:gsub("%w", "D")))
    end,
    Strong = function(strong)
      face = faces.bold
      return strong
    end,
  }))
  local longest = 0
  for word in text:gmatch("%S+") do
    for piece in divided(word, "\n"):gsub(SPACE, "\n"):gmatch("[^\n]+") do
      longest = math.max(longest, width_of(piece, face))
    end
  end
  return width_of(text, face), longest
end

local function rows_of(tbl)
  local rows = pandoc.List({})
  for _, body in ipairs(tbl.bodies) do
    rows:extend(body.body)
  end
  return rows
end

-- What a column holds: the lengths of its cells, the width in which none takes a second line, the least one.
local function measured(tbl, column, size)
  local measure = { cells = {}, width = 1, least = 1, in_one_line = 1 }
  measure.holds_figures = tbl.colspecs[column][1] == "AlignRight"
  local function add(rows, is_head)
    for _, row in ipairs(rows) do
      local cell = row.cells[column]
      -- One across several has room.
      local length, longest = 0, 0
      if cell and cell.col_span == 1 then
        length, longest = measure_cell(cell, is_head)
      end
      length, longest = length * size, longest * size
      table.insert(measure.cells, length)
      measure.least = math.max(measure.least, longest)
      measure.in_one_line = math.max(measure.in_one_line, length)
      -- The head takes two lines.
      measure.width = math.max(measure.width, is_head and length / 2 + size or length)
    end
  end
  add(tbl.head.rows, true)
  add(rows_of(tbl), false)
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

-- The narrower width of a column, and how many lines it costs for each point that it saves, where that is the least.
local function narrower(measure, excess)
  local narrowest = math.max(measure.least, measure.width - excess)
  local best, best_cost = narrowest, math.huge
  local function try(width)
    if width >= narrowest and width < measure.width then
      local cost = (lines(measure, width) - lines(measure, measure.width)) / (measure.width - width)
      if cost < best_cost then
        best, best_cost = width, cost
      end
    end
  end
  try(narrowest)
  for _, length in ipairs(measure.cells) do
    try(length)
    try(length / 2 + BREAK)
  end
  -- A figure whose unit goes on below is harder to read than words that do.
  return best, (measure.holds_figures and 2 or 1) * best_cost
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

local function sum_of(measures, key, inset)
  local sum = 0
  for _, measure in ipairs(measures) do
    sum = sum + measure[key] + inset
  end
  return sum
end

-- A head in three lines at most, where there is room; and all heads in one line if they have it.
local function ease_heads(measures, page, inset)
  local eased = measures:map(function(measure)
    return math.max(measure.least, math.min(measure.width, measure.cells[1] / 3 + inset / 2))
  end)
  local sum = 0
  for column in ipairs(measures) do
    sum = sum + eased[column] + inset
  end
  if sum <= page then
    for column, measure in ipairs(measures) do
      measure.least = eased[column]
    end
  end
end

local function give_heads_one_line(measures, page, inset)
  local wider = measures:map(function(measure)
    return { width = math.max(measure.width, measure.in_one_line) }
  end)
  if sum_of(wider, "width", inset) <= page then
    for column, measure in ipairs(measures) do
      measure.width = wider[column].width
    end
  end
end

-- The columns in a size that has room for them, the size, and the width that there is.
local function measured_in(tbl, page, setting)
  local measures = pandoc.List({})
  for column = 1, #tbl.colspecs do
    measures:insert(measured(tbl, column, setting.size))
  end
  return measures, sum_of(measures, "least", setting.inset)
end

local function allow_long_rows(tbl, measures, line)
  for at, row in ipairs(rows_of(tbl)) do
    local most = 0
    for column, measure in ipairs(measures) do
      most = math.max(most, (measure.cells[at + #tbl.head.rows] or 0) / measure.width)
    end
    if most * line > LONGEST_ROW then
      -- For word.lua.
      row.attr.classes:insert("long")
      for _, cell in ipairs(row.cells) do
        cell.attr.attributes["typst:breakable"] = "true"
      end
    end
  end
end

-- Widths by what stands in the columns: Word needs them, and in the PDF they keep figures from being broken where
-- the table is as wide as the page. Else each format finds them by itself; pandoc's own would be those of the
-- dashes in the source.
local function lay_out(tbl, page)
  local setting = NORMAL
  local measures, least = measured_in(tbl, page, NORMAL)
  if least > page - SLACK then
    setting = SMALL
    measures, least = measured_in(tbl, page, SMALL)
    tbl.classes:insert("small")
  end
  page = math.max(page - SLACK, least)
  ease_heads(measures, page, setting.inset)
  local excess = sum_of(measures, "width", setting.inset) - page
  narrow(measures, excess)
  give_heads_one_line(measures, page, setting.inset)
  allow_long_rows(tbl, measures, setting.line)
  local widths = {}
  if FORMAT:match("docx") or FORMAT:match("typst") and excess > 0 then
    local sum = sum_of(measures, "width", setting.inset)
    for column, measure in ipairs(measures) do
      widths[column] = (measure.width + setting.inset) / sum
    end
  end
  -- Without a width a column is as wide as its content; pandoc gives one to those of tables with long lines.
  local column = 0
  tbl.colspecs = tbl.colspecs:map(function(spec)
    column = column + 1
    return { spec[1], widths[column] }
  end)
  if FORMAT:match("typst") and setting == SMALL then
    return { pandoc.RawBlock("typst", "#small-table["), tbl, pandoc.RawBlock("typst", "]") }
  end
  return tbl
end

local function all_laid_out(blocks, page)
  return blocks:walk({
    traverse = "topdown",
    Div = function(div)
      if div.classes:includes("turned") and page == PAGES.upright then
        div.content = all_laid_out(div.content, PAGES.across)
        return div, false
      end
    end,
    Table = function(tbl)
      -- annex.lua has given it widths.
      if tbl.classes:includes("index") then
        return nil, false
      end
      if page == PAGES.across then
        tbl.classes:insert("across")
      end
      return lay_out(tbl, page), false
    end,
  })
end

function Pandoc(doc)
  doc.blocks = all_laid_out(doc.blocks, PAGES.upright)
  doc.blocks = doc.blocks:walk({ Str = breakable, Code = breakable_code })
  return doc
end
