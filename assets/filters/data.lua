-- In HTML, the data of each figure to open as a table, and those of each figure and table to download: they
-- stand in downloads/<label>.csv of the workspace, from where the engines run their filters. Without a script,
-- and without a request: the link holds the file. Runs after floats.lua.

if not FORMAT:match("html") then
  return {}
end

local MINUS = "\u{2212}"

local function read(label)
  local file = io.open("downloads/" .. label .. ".csv", "rb")
  if not file then
    return nil
  end
  local text = file:read("a")
  file:close()
  return text
end

local function percent_encoded(text)
  return (text:gsub("[^%w%-%._~]", function(byte)
    return string.format("%%%02X", byte:byte())
  end))
end

local function is_number(text)
  return text:match("^%-?%d+$") or text:match("^%-?%d+%.%d+$")
end

-- As the report writes numbers, without the decimals that only a program needs; the file keeps them.
local function as_read(number)
  if number:match("%.%d%d%d") and math.abs(tonumber(number)) >= 1 then
    number = string.format("%.1f", tonumber(number))
  end
  local sign, whole, rest = number:match("^(%-?)(%d+)(.*)$")
  local grouped = whole:reverse():gsub("(%d%d%d)", "%1,"):reverse():gsub("^,", "")
  return (sign == "-" and MINUS or "") .. grouped .. rest
end

local function is_year(text)
  return text:match("^[12]%d%d%d$")
end

-- The file keeps spreadsheets from taking a text for a formula by an apostrophe before it.
local function text_of(row, column)
  return (pandoc.utils.stringify(row.cells[column].contents):gsub("^'([=+@-])", "%1"))
end

-- What the columns after the first hold; the first names the rows.
local function numeric(rows, column)
  local numbers, years = 0, 0
  for _, row in ipairs(rows) do
    local text = text_of(row, column)
    numbers = numbers + (is_number(text) and 1 or 0)
    years = years + (is_year(text) and 1 or 0)
  end
  return column > 1 and numbers > 0 and years < #rows
end

local function as_table(csv)
  local tbl = pandoc.read(csv, "csv").blocks[1]
  local rows = tbl.bodies[1].body
  for column, spec in ipairs(tbl.colspecs) do
    tbl.colspecs[column] = { numeric(rows, column) and pandoc.AlignRight or pandoc.AlignLeft, spec[2] }
    for _, row in ipairs(rows) do
      local text = text_of(row, column)
      local shown = tbl.colspecs[column][1] == pandoc.AlignRight and is_number(text) and as_read(text) or text
      row.cells[column].contents = { pandoc.Plain({ pandoc.Str(shown) }) }
    end
  end
  tbl.bodies[1].row_head_columns = 1
  return tbl
end

local function html(text)
  return pandoc.RawBlock("html", text)
end

local function link(label, csv, name)
  return html(
    '<p class="download"><a download="' .. label .. '.csv" href="data:text/csv;charset=utf-8,' .. percent_encoded(csv)
      .. '">Download as CSV<span class="visually-hidden">: data of ' .. name .. "</span></a></p>"
  )
end

return {
  {
    Div = function(float)
      local csv = float.classes:includes("float") and read(float.identifier)
      if not csv then
        return nil
      end
      local name = float.attributes.name
      local blocks = pandoc.Blocks({ html('<div class="data">') })
      if float.identifier:match("^fig%-") then
        blocks:insert(html("<details><summary>Data of " .. name .. "</summary>"))
        blocks:insert(pandoc.Div({ as_table(csv) }, pandoc.Attr("", { "data-table" }, { name = "Data of " .. name })))
        blocks:insert(html("</details>"))
      end
      blocks:insert(link(float.identifier, csv, name))
      blocks:insert(html("</div>"))
      float.content:extend(blocks)
      return float
    end,
  },
}
