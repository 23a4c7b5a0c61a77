-- In HTML, the data of each figure to open as a table, and those of each figure and table to download: they
-- stand in downloads/<label>.csv of the workspace, from where the engines run their filters. Without a script,
-- and without a request: the link holds the file. Runs after floats.lua.

if not FORMAT:match("html") then
  return {}
end

local MINUS = "\u{2212}"
local UNBROKEN = "\u{a0}"
-- Without it Excel on Windows takes UTF-8 for something else. The file in the workspace goes without.
local BYTE_ORDER_MARK = "\u{feff}"

local MONTHS = {
  "January", "February", "March", "April", "May", "June",
  "July", "August", "September", "October", "November", "December",
}
local LAST_MONTHS = { 6, 9, 12, 3 } -- of the quarters of a financial year

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

-- What stands for a figure that is not there: nothing, or symbols such as "[x]".
local function is_gap(text)
  return text:gsub("%[%a+%]", ""):match("^%s*$")
end

local function month(code)
  local year, number = code:match("^(%d%d%d%d)%-(%d%d)$")
  local name = MONTHS[tonumber(number)]
  return name and name .. UNBROKEN .. year
end

local function months(code)
  local first, last = code:match("^(%S+) to (%S+)$")
  first, last = month(first or code), month(last or code)
  return first and last and (first == last and first or first .. " to " .. last)
end

local function quarter(code)
  local year, number = code:match("^(%d%d%d%d)%-%d%d%-Q([1-4])$")
  if not year then
    return nil
  end
  local last = LAST_MONTHS[tonumber(number)]
  return MONTHS[last - 2] .. " to " .. MONTHS[last] .. UNBROKEN .. math.tointeger(year + (last == 3 and 1 or 0))
end

-- By the head of the column: "2011-12" alone could be a financial year.
local PERIODS = { Month = months, Months = months, Quarter = quarter }

-- The file keeps spreadsheets from taking a text for a formula by an apostrophe before it.
local function text_of(row, column)
  return (pandoc.utils.stringify(row.cells[column].contents):gsub("^'([=+@-])", "%1"))
end

-- Whether a column after the first, which names the rows, holds figures and not words or years.
local function numeric(rows, column, head)
  local numbers, years = 0, 0
  for _, row in ipairs(rows) do
    local text = text_of(row, column)
    if not (is_number(text) or is_gap(text)) then
      return false
    end
    numbers = numbers + (is_number(text) and 1 or 0)
    years = years + (is_year(text) and 1 or 0)
  end
  return column > 1 and numbers > 0 and not (years == #rows and head:match("[Yy]ear$"))
end

local function as_table(csv)
  local tbl = pandoc.read(csv, "csv").blocks[1]
  local rows = tbl.bodies[1].body
  for column, spec in ipairs(tbl.colspecs) do
    local head = text_of(tbl.head.rows[1], column)
    local figures = numeric(rows, column, head)
    tbl.colspecs[column] = { figures and pandoc.AlignRight or pandoc.AlignLeft, spec[2] }
    for _, row in ipairs(rows) do
      local text = text_of(row, column)
      local period = PERIODS[head] and PERIODS[head](text)
      local shown = period or figures and is_number(text) and as_read(text) or text
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
    '<p class="download"><a download="' .. label .. '.csv" href="data:text/csv;charset=utf-8,' .. percent_encoded(BYTE_ORDER_MARK .. csv)
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
