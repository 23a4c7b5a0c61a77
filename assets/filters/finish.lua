-- What needs the finished document: alternative text, heading levels, the contents list.
-- Quarto runs this after its own numbering (`post-quarto`).

local openxml = function(text)
  return pandoc.RawInline("openxml", text)
end

-- Pandoc takes a picture's description from its caption, and its Typst writer leaves it out.
local function describe(image)
  local alt = image.attributes["fig-alt"] or image.attributes.alt
  -- In HTML, Quarto writes the alternative text itself, and loses one that a filter has touched.
  if not alt or (quarto and FORMAT:match("html")) then
    return nil
  end
  image.attributes["fig-alt"] = nil
  image.attributes.alt = nil
  image.caption = { pandoc.Str(alt) }
  if not FORMAT:match("typst") then
    return image
  end
  local escaped = alt:gsub("\\", "\\\\"):gsub('"', '\\"')
  local width = image.attributes.width
  local pixels = width and (width:match("^([%d.]+)px$") or width:match("^[%d.]+$"))
  width = pixels and string.format("%.3fin", tonumber(pixels) / 96) or width
  return pandoc.RawInline(
    "typst",
    '#image("' .. image.src .. '", alt: "' .. escaped .. '"' .. (width and ", width: " .. width or "") .. ")"
  )
end

local function word_entry(header, first, last)
  local line = pandoc.Inlines({})
  if first then
    line:insert(openxml('<w:r><w:fldChar w:fldCharType="begin"/></w:r>'))
    line:insert(openxml('<w:r><w:instrText xml:space="preserve"> TOC \\o "1-2" \\h \\z \\n </w:instrText></w:r>'))
    line:insert(openxml('<w:r><w:fldChar w:fldCharType="separate"/></w:r>'))
  end
  local text = header.content:walk({
    Note = function()
      return {}
    end,
    Link = function(link)
      return link.content
    end,
  })
  line:insert(pandoc.Link(text, "#" .. header.identifier))
  if last then
    line:insert(openxml('<w:r><w:fldChar w:fldCharType="end"/></w:r>'))
  end
  return pandoc.Div(
    { pandoc.Para(line) },
    pandoc.Attr("", {}, { ["custom-style"] = "toc " .. header.level })
  )
end

-- Word fills an empty contents list only when asked to, LibreOffice never: here it is filled. It names no
-- pages, because nobody can know them before Word has set them.
local function word_contents(doc)
  local headers = {}
  doc:walk({
    Header = function(header)
      if header.level <= 2 and not header.classes:includes("unlisted") then
        table.insert(headers, header)
      end
    end,
  })
  local blocks = pandoc.Blocks({
    pandoc.Div({ pandoc.Para({ pandoc.Str("Contents") }) }, pandoc.Attr("", {}, { ["custom-style"] = "TOC Heading" })),
  })
  for at, header in ipairs(headers) do
    blocks:insert(word_entry(header, at == 1, at == #headers))
  end
  return blocks
end

-- Pandoc sets a list without blank lines in the style of table cells.
local function list_in_text_size(list)
  local paragraphs = list:walk({
    Plain = function(plain)
      return pandoc.Para(plain.content)
    end,
  })
  return pandoc.Div({ paragraphs }, pandoc.Attr("", {}, { ["custom-style"] = "List Text" })), false
end

function Pandoc(doc)
  doc = doc:walk({ Image = describe })
  if FORMAT:match("docx") then
    doc = doc:walk({ traverse = "topdown", BulletList = list_in_text_size, OrderedList = list_in_text_size })
  end
  local contents
  if FORMAT:match("docx") then
    contents = word_contents(doc)
  elseif FORMAT:match("typst") then
    contents = { pandoc.RawBlock("typst", "#report-contents()") }
  else
    contents = {}
  end
  return doc:walk({
    Div = function(div)
      if div.classes:includes("contents") then
        return contents
      end
    end,
    Header = function(header)
      -- In HTML the title is the first heading, so that a section is one level below.
      if FORMAT:match("html") then
        header.level = header.level + 1
        return header
      end
    end,
  })
end
