-- What needs the finished document: alternative text, heading levels, the contents list.
-- Quarto runs this after its own numbering (`post-quarto`).

local openxml = function(text)
  return pandoc.RawInline("openxml", text)
end

-- Pandoc takes a picture's description from its caption, and its Typst writer leaves it out.
local function describe(image, alone)
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
  local size = ""
  for _, side in ipairs({ "width", "height" }) do
    -- pictures.lua has written them in millimetres.
    size = size .. (image.attributes[side] and ", " .. side .. ": " .. image.attributes[side] or "")
  end
  local call = 'image("' .. image.src .. '", alt: "' .. escaped .. '"' .. size .. ")"
  -- A picture of Typst is a block, which would divide the line in which it stands.
  return pandoc.RawInline("typst", alone and "#" .. call or "#box(" .. call .. ")")
end

local function describe_alone(block)
  if #block.content == 1 and block.content[1].t == "Image" then
    block.content = { describe(block.content[1], true) or block.content[1] }
    return block, false
  end
end

local function described_in_typst(doc)
  return doc:walk({
    traverse = "topdown",
    Para = describe_alone,
    Plain = describe_alone,
    Image = function(image)
      return describe(image)
    end,
  })
end

local function styled(blocks, style)
  return pandoc.Div(blocks, pandoc.Attr("", {}, { ["custom-style"] = style }))
end

local function contents_entry(header, first, last)
  local line = pandoc.Inlines({})
  if first then
    line:insert(openxml('<w:r><w:fldChar w:fldCharType="begin" /></w:r>'))
    line:insert(openxml('<w:r><w:instrText xml:space="preserve"> TOC \\o "1-2" \\h \\z </w:instrText></w:r>'))
    line:insert(openxml('<w:r><w:fldChar w:fldCharType="separate" /></w:r>'))
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
    line:insert(openxml('<w:r><w:fldChar w:fldCharType="end" /></w:r>'))
  end
  return styled({ pandoc.Para(line) }, "toc " .. header.level)
end

-- Word fills an empty contents list only when asked to, LibreOffice never: here it is filled. It names no
-- pages, because nobody can know them before Word has set them; "Update table" above the list adds them.
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
    pandoc.RawBlock(
      "openxml",
      '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents" /><w:docPartUnique />'
        .. "</w:docPartObj></w:sdtPr><w:sdtContent>"
    ),
    styled({ pandoc.Para({ pandoc.Str("Contents") }) }, "TOC Heading"),
  })
  for at, header in ipairs(headers) do
    blocks:insert(contents_entry(header, at == 1, at == #headers))
  end
  blocks:insert(pandoc.RawBlock("openxml", "</w:sdtContent></w:sdt>"))
  return blocks
end

-- In Word, Quarto writes "1. Crime" but "1.1 Knife crime", and in the other formats no dot.
local function without_dot(header)
  local second = header.content[2]
  if second and second.t == "Str" and second.text == ". " then
    header.content[2] = pandoc.Space()
    return header
  end
end

-- Numbers of a list begin anew in each, so that they stay pandoc's; Word's button for lists has this style too.
local function numbers_in_word(list)
  local paragraphs = list:walk({
    Plain = function(plain)
      return pandoc.Para(plain.content)
    end,
  })
  return styled({ paragraphs }, "List Paragraph"), false
end

local LEVELS = { "", " 2", " 3" }

-- Bullets are Word's own styles, List Bullet and below it List Bullet 2, in place of numbering by hand.
local function bullets_in_word(list, level, style)
  level = level or 1
  local blocks = pandoc.Blocks({})
  for _, item in ipairs(list.content) do
    for at, block in ipairs(item) do
      if block.t == "Plain" or block.t == "Para" then
        local name = at == 1 and "List Bullet" or "List Continue"
        blocks:insert(styled({ pandoc.Para(block.content) }, style or name .. LEVELS[level]))
      elseif block.t == "BulletList" then
        blocks:extend(bullets_in_word(block, math.min(level + 1, #LEVELS), style))
      elseif block.t == "OrderedList" then
        blocks:insert((numbers_in_word(block)))
      else
        blocks:insert(block)
      end
    end
  end
  return blocks, false
end

-- A list in a callout has the callout's ground and rule.
local function callout_in_word(div)
  if div.attributes["custom-style"] ~= "Callout" then
    return nil
  end
  return div:walk({
    BulletList = function(list)
      return bullets_in_word(list, 1, "Callout Bullet")
    end,
  })
end

-- A term and its definition on one line, as in the PDF, in place of a line for each. What else defines it stands below.
local function definitions_in_word(list)
  local blocks = pandoc.Blocks({})
  for _, item in ipairs(list.content) do
    local term = pandoc.Inlines({ pandoc.Strong(item[1]) })
    for _, definition in ipairs(item[2]) do
      for _, block in ipairs(definition) do
        if block.t == "Plain" or block.t == "Para" then
          local line = term .. { openxml("<w:r><w:tab /></w:r>") } .. block.content
          blocks:insert(styled({ pandoc.Para(line) }, "Definition"))
          term = pandoc.Inlines({})
        else
          blocks:insert(block)
        end
      end
    end
    if #term > 0 then
      blocks:insert(styled({ pandoc.Para(term) }, "Definition"))
    end
  end
  return blocks
end

-- A value's word joiners have kept Quarto from carrying out a shortcode in it (`values.as_variables`). And where a
-- cell or an item of a list begins with a sign of Typst's lists and headings, pandoc's writer leaves it as it is:
-- "= 1" would become a heading.
local function literal(str)
  local text = str.text:gsub("\u{2060}", "")
  local sign = FORMAT:match("typst") and (text:match("^[=+/-]") or text:match("^%d+%.$"))
  if sign then
    return { pandoc.RawInline("typst", "\\"), pandoc.Str(text) }
  end
  -- Handing each back unchanged would take a tenth of pandoc's time.
  return text ~= str.text and pandoc.Str(text) or nil
end

-- In HTML the title is the first heading, so that a section is one level below.
local function below_title(header)
  header.level = header.level + 1
  return header
end

local function contents_list(blocks)
  return function(div)
    if div.classes:includes("contents") then
      return blocks
    end
  end
end

-- A title or subtitle of several paragraphs stands in one element, as its lines.
local function in_lines(meta)
  for key, value in pairs(meta) do
    if pandoc.utils.type(value) == "Blocks" then
      meta[key] = pandoc.utils.blocks_to_inlines(value, { pandoc.LineBreak() })
    end
  end
end

function Pandoc(doc)
  in_lines(doc.meta)
  if FORMAT:match("html") then
    return doc:walk({ Image = describe, Str = literal, Header = below_title })
  end
  if FORMAT:match("typst") then
    local contents = contents_list({ pandoc.RawBlock("typst", "#report-contents()") })
    return described_in_typst(doc:walk({ Str = literal, Div = contents }))
  end
  doc = doc:walk({ Image = describe, Str = literal })
  doc = doc:walk({
    traverse = "topdown",
    Header = quarto and without_dot or nil,
    Div = callout_in_word,
    BulletList = function(list)
      return bullets_in_word(list)
    end,
    OrderedList = numbers_in_word,
    DefinitionList = definitions_in_word,
  })
  return doc:walk({ Div = contents_list(word_contents(doc)) })
end
