-- Pictures fitted to the page, alike in PDF and Word; a browser fits them itself (report.css). Both engines run this
-- first (Quarto: `pre-ast`), while a list is a list and a callout a block.

if FORMAT:match("html") then
  return {}
end

-- Millimetres, of A4 between the margins: what the text takes, and what headings, a caption and a picture share.
local WIDTH, NARROW = 160, 130 -- NARROW in a list, quotation or callout
local HEIGHT = 170 -- leaves room for three headings and a caption, so that none stands alone on a page
local UNITS = { mm = 1, cm = 10, ["in"] = 25.4, px = 25.4 / 96, [""] = 25.4 / 96 }
-- What a file says beyond the first two is a mistake of the program that wrote it.
local LEAST_DPI, MOST_DPI, USUAL_DPI = 36, 2400, 72 -- pandoc's own, too, of a file that says nothing

local function size_of(image)
  local path = image.src:gsub("%%(%x%x)", function(code)
    return string.char(tonumber(code, 16))
  end)
  local file = io.open(image.src, "rb") or io.open(path, "rb")
  if not file then
    return nil
  end
  local content = file:read("a")
  file:close()
  local read, size = pcall(pandoc.image.size, content)
  return read and size.width > 0 and size.height > 0 and size or nil
end

local function natural(size)
  local dpi = size.dpi_horz
  local usual = dpi == size.dpi_vert and dpi >= LEAST_DPI and dpi <= MOST_DPI
  return size.width / (usual and dpi or USUAL_DPI) * 25.4
end

local function fitted(width_room, height_room)
  return function(image)
    local number, unit = (image.attributes.width or ""):match("^([%d.]+)(%D*)$")
    local size = size_of(image)
    local width = size and natural(size)
    if unit == "%" then
      width = tonumber(number) / 100 * width_room
    elseif UNITS[unit] then
      width = tonumber(number) * UNITS[unit]
    end
    if not width then
      return nil
    end
    width = math.min(width, width_room)
    if size then
      local ratio = size.height / size.width
      width = math.min(width, height_room / ratio)
      image.attributes.height = string.format("%.2fmm", width * ratio)
    end
    image.attributes.width = string.format("%.2fmm", width)
    return image
  end
end

local function pictures_in(block)
  local count = 0
  block:walk({
    Image = function()
      count = count + 1
    end,
  })
  return count
end

local function narrow(block)
  return block:walk({ Image = fitted(NARROW, HEIGHT) }), false
end

local function block_of_pictures(div)
  if div.identifier:match("^fig%-") then
    -- The block is not divided between pages.
    return div:walk({ Image = fitted(WIDTH, HEIGHT / math.max(1, pictures_in(div))) }), false
  end
  if div.classes:find_if(function(class)
    return class:match("^callout%-")
  end) then
    return narrow(div)
  end
end

return {
  {
    traverse = "topdown",
    Div = block_of_pictures,
    BulletList = narrow,
    OrderedList = narrow,
    DefinitionList = narrow,
    BlockQuote = narrow,
    Image = fitted(WIDTH, HEIGHT),
  },
}
